package dev.decant.file;

/** The two checksums of a FLAC frame (RFC 9639, sections 9.1.8 and 9.3). */
final class FlacChecksum {
    private static final int[] CRC_8 = table(0x07, 8);
    private static final int[] CRC_16 = table(0x8005, 16);

    private FlacChecksum() {}

    /** Of a frame's header: polynomial x^8 + x^2 + x + 1. */
    static int crc8(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc = CRC_8[crc ^ bytes[i] & 0xFF];
        }
        return crc;
    }

    /** Of a whole frame: polynomial x^16 + x^15 + x^2 + 1. */
    static int crc16(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc = crc << 8 & 0xFF00 ^ CRC_16[crc >>> 8 ^ bytes[i] & 0xFF];
        }
        return crc;
    }

    private static int[] table(int polynomial, int bits) {
        int highest = 1 << bits - 1;
        int[] table = new int[256];
        for (int value = 0; value < table.length; value++) {
            int crc = value << bits - 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & highest) != 0 ? crc << 1 ^ polynomial : crc << 1;
            }
            table[value] = crc & (highest << 1) - 1;
        }
        return table;
    }
}
