package dev.decant.container;

/** The CRC of Ogg pages (RFC 3533, section 6): polynomial 0x04C11DB7, start 0, nothing reversed, nothing inverted. */
final class OggChecksum {
    private static final int POLYNOMIAL = 0x04C1_1DB7;
    private static final int[] TABLE = new int[256];

    static {
        for (int octet = 0; octet < TABLE.length; octet++) {
            int remainder = octet << 24;
            for (int bit = 0; bit < 8; bit++) {
                remainder = remainder << 1 ^ (remainder < 0 ? POLYNOMIAL : 0);
            }
            TABLE[octet] = remainder;
        }
    }

    private OggChecksum() {}

    /** The checksum after the bytes {@code from} to {@code to}, end excluded. */
    static int update(int checksum, byte[] bytes, int from, int to) {
        int result = checksum;
        for (int i = from; i < to; i++) {
            result = result << 8 ^ TABLE[result >>> 24 ^ bytes[i] & 0xFF];
        }
        return result;
    }

    /** The checksum after so many zero bytes. */
    static int updateZeros(int checksum, int count) {
        int result = checksum;
        for (int i = 0; i < count; i++) {
            result = result << 8 ^ TABLE[result >>> 24];
        }
        return result;
    }
}
