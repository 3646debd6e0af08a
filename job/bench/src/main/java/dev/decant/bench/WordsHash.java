package dev.decant.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * FNV-1a over words of 64 bits, little-endian, instead of bytes; what is left at the end of an update is not in it. Samples pass
 * it while the time is taken, on both sides: in {@code loop.c} it is the same.
 */
final class WordsHash {
    /** What FNV-1a begins with. */
    static final long FIRST = 0xcbf29ce484222325L;

    private static final long PRIME = 0x100000001b3L;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long value;

    WordsHash(long first) {
        value = first;
    }

    void update(byte[] bytes) {
        long hash = value;
        for (int at = 0; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            hash = (hash ^ (long) WORDS.get(bytes, at)) * PRIME;
        }
        value = hash;
    }

    void update(long word) {
        value = (value ^ word) * PRIME;
    }

    long value() {
        return value;
    }
}
