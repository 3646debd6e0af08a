package dev.decant.file;

import dev.decant.audio.PcmFormat;

/** What stands before the subframes of a frame (RFC 9639, section 9.1). */
final class FlacFrameHeader {
    /** Bytes of a header at most. */
    static final int MAX_BYTES = 16;

    /** Two channels, one of them the difference; any other number of channels n is n - 1. */
    static final int LEFT_SIDE = 8;

    static final int SIDE_RIGHT = 9;
    static final int MID_SIDE = 10;

    private static final int FIXED_BLOCK_SIZE_SYNC = 0xFFF8;
    private static final int BLOCK_SIZE_BELOW = 7;
    private static final int RATE_BELOW = 12;

    private FlacFrameHeader() {}

    /**
     * Writes a header; {@code out} holds nothing before it.
     *
     * @param count samples a channel
     * @param blockSize samples a channel of every frame but the last; a power of two from 256 on
     * @param number of the frame, from 0
     */
    static void write(PcmFormat format, int count, int blockSize, int channelBits, int number, BitWriter out) {
        out.put(FIXED_BLOCK_SIZE_SYNC, 16);
        out.put(count == blockSize ? Integer.numberOfTrailingZeros(blockSize) : BLOCK_SIZE_BELOW, 4);
        out.put(rateBits(format.rate()), 4);
        out.put(channelBits, 4);
        out.put(format.sampleFormat().bytes() == 2 ? 4 : 6, 3);
        out.put(0, 1);
        writeNumber(number, out);
        if (count != blockSize) {
            out.put(count - 1, 16);
        }
        if (rateBits(format.rate()) == RATE_BELOW) {
            out.put(format.rate() / 1000, 8);
        }
        out.put(FlacChecksum.crc8(out.bytes(), out.length()), 8);
    }

    private static int rateBits(int rate) {
        return switch (rate) {
            case 8_000 -> 4;
            case 16_000 -> 5;
            case 24_000 -> 7;
            case 48_000 -> 10;
            default -> RATE_BELOW;
        };
    }

    /** As UTF-8 writes a character, but up to six bytes long (section 9.1.5). */
    private static void writeNumber(int number, BitWriter out) {
        int significant = Integer.SIZE - Integer.numberOfLeadingZeros(number);
        if (significant <= 7) {
            out.put(number, 8);
            return;
        }
        int following = (significant - 2) / 5;
        out.put((0xFF00 >> following + 1 | number >>> 6 * following) & 0xFF, 8);
        for (int shift = 6 * (following - 1); shift >= 0; shift -= 6) {
            out.put(0x80 | number >>> shift & 0x3F, 8);
        }
    }
}
