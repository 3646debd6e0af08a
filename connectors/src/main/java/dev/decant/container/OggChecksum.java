package dev.decant.container;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The CRC of Ogg pages (RFC 3533, section 6): polynomial 0x04C11DB7, start 0, nothing reversed, nothing inverted. Eight bytes
 * at a time, since every byte of a recording passes here.
 */
final class OggChecksum {
    private static final int POLYNOMIAL = 0x04C1_1DB7;
    private static final int STRIDE = 8;

    /** {@code TABLES[n][octet]}: what an octet leaves that n others follow. */
    private static final int[][] TABLES = new int[STRIDE][256];

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    static {
        for (int octet = 0; octet < 256; octet++) {
            int remainder = octet << 24;
            for (int bit = 0; bit < 8; bit++) {
                remainder = remainder << 1 ^ (remainder < 0 ? POLYNOMIAL : 0);
            }
            TABLES[0][octet] = remainder;
        }
        for (int n = 1; n < STRIDE; n++) {
            for (int octet = 0; octet < 256; octet++) {
                int before = TABLES[n - 1][octet];
                TABLES[n][octet] = before << 8 ^ TABLES[0][before >>> 24];
            }
        }
    }

    private OggChecksum() {}

    /** The checksum after the bytes {@code from} to {@code to}, end excluded. */
    static int update(int checksum, byte[] bytes, int from, int to) {
        int result = checksum;
        int at = from;
        for (; at + STRIDE <= to; at += STRIDE) {
            int first = result ^ (int) INT.get(bytes, at);
            int second = (int) INT.get(bytes, at + 4);
            result = TABLES[7][first >>> 24]
                    ^ TABLES[6][first >>> 16 & 0xFF]
                    ^ TABLES[5][first >>> 8 & 0xFF]
                    ^ TABLES[4][first & 0xFF]
                    ^ TABLES[3][second >>> 24]
                    ^ TABLES[2][second >>> 16 & 0xFF]
                    ^ TABLES[1][second >>> 8 & 0xFF]
                    ^ TABLES[0][second & 0xFF];
        }
        for (; at < to; at++) {
            result = result << 8 ^ TABLES[0][result >>> 24 ^ bytes[at] & 0xFF];
        }
        return result;
    }

    /** The checksum after so many zero bytes. */
    static int updateZeros(int checksum, int count) {
        int result = checksum;
        for (int i = 0; i < count; i++) {
            result = result << 8 ^ TABLES[0][result >>> 24];
        }
        return result;
    }
}
