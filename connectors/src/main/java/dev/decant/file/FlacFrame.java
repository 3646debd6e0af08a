package dev.decant.file;

import dev.decant.audio.PcmFormat;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes one block of samples after the other as a frame (RFC 9639, section 9): its header, one subframe a channel, and
 * its checksum. Two channels are written as they are, or one of them or their mean beside their difference, whichever
 * looks smallest (section 4.2).
 */
final class FlacFrame {
    private static final int CHECKSUM_BYTES = 2;

    private final PcmFormat format;
    private final int blockSize;
    private final int bits;
    private final int[][] channels;
    private final int[] mid;
    private final int[] side;
    private final FlacSubframe subframe;
    private final BitWriter out;
    private int number;

    /** Begins with frame 0. */
    FlacFrame(PcmFormat format) {
        this.format = format;
        blockSize = blockSize(format.rate());
        bits = 8 * format.sampleFormat().bytes();
        channels = new int[format.channels()][blockSize];
        mid = new int[blockSize];
        side = new int[blockSize];
        subframe = new FlacSubframe(blockSize);
        // A difference has a bit more.
        int subframeBytes = FlacSubframe.maxBytes(blockSize, bits + 1);
        out = new BitWriter(FlacFrameHeader.MAX_BYTES + format.channels() * subframeBytes + CHECKSUM_BYTES);
    }

    /**
     * Samples a channel of every block but the last: as long as speech and music stay alike, where measured files are
     * smallest.
     */
    static int blockSize(int rate) {
        return switch (rate) {
            case 48_000 -> 4096;
            case 24_000 -> 2048;
            default -> 1024;
        };
    }

    /**
     * Writes the next frame.
     *
     * @param pcm interleaved little-endian samples
     * @param count samples a channel, 1 to {@link #blockSize}; only the last frame has less than that
     */
    void write(byte[] pcm, int count, OutputStream file) throws IOException {
        out.clear();
        separate(pcm, count);
        if (channels.length == 2) {
            writeStereo(channels[0], channels[1], count);
        } else {
            writeHeader(count, channels.length - 1);
            for (int[] channel : channels) {
                subframe.write(channel, count, bits, out);
            }
        }
        out.padToByte();
        out.put(FlacChecksum.crc16(out.bytes(), out.length()), 8 * CHECKSUM_BYTES);
        file.write(out.bytes(), 0, out.length());
        number++;
    }

    private void separate(byte[] pcm, int count) {
        int stride = format.bytesPerSample();
        int sampleBytes = format.sampleFormat().bytes();
        for (int channel = 0; channel < channels.length; channel++) {
            int[] samples = channels[channel];
            int at = channel * sampleBytes;
            if (sampleBytes == 2) {
                for (int i = 0; i < count; i++, at += stride) {
                    samples[i] = pcm[at] & 0xFF | pcm[at + 1] << 8;
                }
            } else {
                for (int i = 0; i < count; i++, at += stride) {
                    samples[i] = pcm[at] & 0xFF | (pcm[at + 1] & 0xFF) << 8 | pcm[at + 2] << 16;
                }
            }
        }
    }

    private void writeStereo(int[] left, int[] right, int count) {
        for (int i = 0; i < count; i++) {
            mid[i] = left[i] + right[i] >> 1;
            side[i] = left[i] - right[i];
        }
        long leftBits = FlacSubframe.estimate(left, count);
        long rightBits = FlacSubframe.estimate(right, count);
        long midBits = FlacSubframe.estimate(mid, count);
        long besideSide = Math.min(midBits, Math.min(leftBits, rightBits));
        if (leftBits + rightBits <= besideSide + FlacSubframe.estimate(side, count)) {
            writeHeader(count, 1);
            subframe.write(left, count, bits, out);
            subframe.write(right, count, bits, out);
        } else if (leftBits == besideSide) {
            writeHeader(count, FlacFrameHeader.LEFT_SIDE);
            subframe.write(left, count, bits, out);
            subframe.write(side, count, bits + 1, out);
        } else if (rightBits == besideSide) {
            writeHeader(count, FlacFrameHeader.SIDE_RIGHT);
            subframe.write(side, count, bits + 1, out);
            subframe.write(right, count, bits, out);
        } else {
            writeHeader(count, FlacFrameHeader.MID_SIDE);
            subframe.write(mid, count, bits, out);
            subframe.write(side, count, bits + 1, out);
        }
    }

    private void writeHeader(int count, int channelBits) {
        FlacFrameHeader.write(format, count, blockSize, channelBits, number, out);
    }
}
