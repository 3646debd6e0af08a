package dev.decant.file;

import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What stands before the frames of a FLAC file: STREAMINFO and VORBIS_COMMENT (RFC 9639, sections 8.2 and 8.6). */
final class FlacMetadata {
    private static final int STREAMINFO = 0;
    private static final int STREAMINFO_BYTES = 34;
    private static final int VORBIS_COMMENT = 4;
    private static final int LAST_BLOCK = 0x80;
    private static final int BLOCK_HEAD = 4;
    private static final int MD5_BYTES = 16;

    private static final byte[] SIGNATURE = ascii("fLaC");
    private static final byte[] VENDOR = ascii("Decant");
    /** Section 8.6.2; more than two channels would else belong to speakers. */
    private static final byte[] NO_SPEAKERS = ascii("WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x0");

    private FlacMetadata() {}

    /**
     * The bytes up to the first frame.
     *
     * @param samples samples a channel that follow
     * @param md5 of the little-endian samples, 16 bytes
     */
    static byte[] of(PcmFormat format, long samples, byte[] md5) {
        if (md5.length != MD5_BYTES) {
            throw new IllegalArgumentException("an MD5 of " + md5.length + " bytes: it has " + MD5_BYTES);
        }
        byte[] comment = vorbisComment(format);
        return ByteBuffer.allocate(SIGNATURE.length + BLOCK_HEAD + STREAMINFO_BYTES + BLOCK_HEAD + comment.length)
                .put(SIGNATURE)
                .putInt(STREAMINFO << 24 | STREAMINFO_BYTES)
                .put(streamInfo(format, samples, md5))
                .putInt((LAST_BLOCK | VORBIS_COMMENT) << 24 | comment.length)
                .put(comment)
                .array();
    }

    /** Without the sizes of the smallest and the largest frame: they are known only when the file is written. */
    private static byte[] streamInfo(PcmFormat format, long samples, byte[] md5) {
        int bits = 8 * format.sampleFormat().bytes();
        int blockSize = FlacFrame.blockSize(format.rate());
        return ByteBuffer.allocate(STREAMINFO_BYTES)
                .putShort((short) blockSize)
                .putShort((short) blockSize)
                .put(new byte[6])
                .putLong((long) format.rate() << 44 | (format.channels() - 1L) << 41 | (bits - 1L) << 36 | samples)
                .put(md5)
                .array();
    }

    private static byte[] vorbisComment(PcmFormat format) {
        boolean tagged = format.order() != ChannelOrder.SPEAKERS && format.channels() > 2;
        int bytes = 4 + VENDOR.length + 4 + (tagged ? 4 + NO_SPEAKERS.length : 0);
        ByteBuffer comment = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        comment.putInt(VENDOR.length).put(VENDOR).putInt(tagged ? 1 : 0);
        if (tagged) {
            comment.putInt(NO_SPEAKERS.length).put(NO_SPEAKERS);
        }
        return comment.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
