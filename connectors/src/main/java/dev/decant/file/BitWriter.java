package dev.decant.file;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Writes numbers of so many bits each one after the other into bytes, the highest bit first. */
final class BitWriter {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    /** Bytes that were put away; the rest is in {@code word}. */
    private int stored;
    /** The last {@code filled} bits of it count, fewer than 64. */
    private long word;

    private int filled;

    /**
     * @param capacity bytes at most
     */
    BitWriter(int capacity) {
        bytes = new byte[capacity + Long.BYTES];
    }

    /** Begins anew. */
    void clear() {
        stored = 0;
        filled = 0;
    }

    /** Writes the last {@code bits} bits of {@code value}, 1 to 32; those before are 0. */
    void put(int value, int bits) {
        long added = value & 0xFFFF_FFFFL;
        int total = filled + bits;
        if (total < Long.SIZE) {
            word = word << bits | added;
            filled = total;
        } else {
            filled = total - Long.SIZE;
            LONG.set(bytes, stored, word << bits - filled | added >>> filled);
            stored += Long.BYTES;
            word = added;
        }
    }

    /** Writes {@code value} as a two's complement of {@code bits} bits, 1 to 32. */
    void putSigned(int value, int bits) {
        put(value & -1 >>> Integer.SIZE - bits, bits);
    }

    /** Writes {@code bits} zeros. */
    void putZeros(int bits) {
        for (int left = bits; left > 0; left -= Integer.SIZE) {
            put(0, Math.min(left, Integer.SIZE));
        }
    }

    /** Writes zeros up to the next whole byte. */
    void padToByte() {
        if (filled % 8 != 0) {
            put(0, 8 - filled % 8);
        }
    }

    /** Bytes so far; only where the bits so far are whole bytes. */
    int length() {
        return stored + filled / 8;
    }

    /** The bytes, {@link #length} of them; valid until the next call. */
    byte[] bytes() {
        if (filled > 0) {
            LONG.set(bytes, stored, word << Long.SIZE - filled);
        }
        return bytes;
    }
}
