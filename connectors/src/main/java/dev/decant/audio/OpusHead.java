package dev.decant.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The identification header of a stream (RFC 7845, section 5.1): what a decoder has to know that the packets do not
 * say.
 *
 * @param version the version byte; its upper four bits are 0 in everything that can be read
 * @param channels output channels, 1 to 255
 * @param preSkip samples to drop from the start of the link, 48 kHz ticks, 0 to 65,535
 * @param inputSampleRate the rate of the original input in Hz, for information only; 0: unknown
 * @param outputGain gain to apply when decoding, in 1/256 dB (Q7.8), -32,768 to 32,767
 * @param mappingFamily 0: mono or stereo; 1: Vorbis order; 2, 3: ambisonics (RFC 8486); 255: no meaning
 * @param streamCount Opus streams in each packet
 * @param coupledCount how many of them are coupled (stereo)
 * @param mapping for each output channel the decoded channel it takes, 255: silence; for family 3 the demixing matrix
 *     follows in {@code demixingMatrix}
 * @param demixingMatrix family 3 only: Q15, little-endian, column by column (RFC 8486, section 3.2); empty otherwise
 */
public record OpusHead(
        int version,
        int channels,
        int preSkip,
        long inputSampleRate,
        int outputGain,
        int mappingFamily,
        int streamCount,
        int coupledCount,
        byte[] mapping,
        byte[] demixingMatrix) {

    private static final byte[] MAGIC = "OpusHead".getBytes(StandardCharsets.US_ASCII);
    private static final int FIXED_BYTES = 19;

    /** A header for mono or stereo with mapping family 0, version 1, unknown input rate. */
    public static OpusHead of(int channels, int preSkip, int outputGain) {
        byte[] mapping = channels == 1 ? new byte[] {0} : new byte[] {0, 1};
        return new OpusHead(1, channels, preSkip, 0, outputGain, 0, 1, channels - 1, mapping, new byte[0]);
    }

    /** Whether {@code packet} begins as an OpusHead does; says nothing about the rest of it. */
    public static boolean isHead(byte[] packet) {
        return packet.length >= MAGIC.length && Arrays.equals(packet, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * Reads an OpusHead packet.
     *
     * @throws IllegalArgumentException if it is none, or breaks a rule of RFC 7845; the message says which
     */
    public static OpusHead parse(byte[] packet) {
        require(isHead(packet), "no OpusHead: the first 8 bytes are not \"OpusHead\"");
        require(packet.length >= FIXED_BYTES, "OpusHead of %d bytes: at least 19 are needed", packet.length);
        ByteBuffer in = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
        int version = in.get() & 0xFF;
        require(version >> 4 == 0, "OpusHead of version %d: only versions 0 to 15 can be read", version);
        int channels = in.get() & 0xFF;
        require(channels > 0, "OpusHead with 0 channels");
        int preSkip = in.getShort() & 0xFFFF;
        long inputSampleRate = in.getInt() & 0xFFFF_FFFFL;
        int outputGain = in.getShort();
        int family = in.get() & 0xFF;
        if (family == 0) {
            require(channels <= 2, "OpusHead with mapping family 0 and %d channels: at most 2", channels);
            OpusHead plain = of(channels, preSkip, outputGain);
            return new OpusHead(
                    version,
                    channels,
                    preSkip,
                    inputSampleRate,
                    outputGain,
                    0,
                    1,
                    channels - 1,
                    plain.mapping,
                    plain.demixingMatrix);
        }
        require(family != 1 || channels <= 8, "OpusHead with mapping family 1 and %d channels: at most 8", channels);
        require(in.remaining() >= 2, "OpusHead with mapping family %d ends before its channel mapping", family);
        int streams = in.get() & 0xFF;
        int coupled = in.get() & 0xFF;
        require(streams > 0, "OpusHead with 0 streams");
        require(coupled <= streams, "OpusHead with %d coupled of %d streams", coupled, streams);
        require(streams + coupled <= 255, "OpusHead with %d decoded channels: at most 255", streams + coupled);
        int mappingBytes = family == 3 ? 0 : channels;
        int matrixBytes = family == 3 ? 2 * channels * (streams + coupled) : 0;
        require(
                in.remaining() >= mappingBytes + matrixBytes,
                "OpusHead with %d channels ends before its channel mapping",
                channels);
        byte[] mapping = new byte[mappingBytes];
        byte[] matrix = new byte[matrixBytes];
        in.get(mapping).get(matrix);
        for (byte index : mapping) {
            int decoded = index & 0xFF;
            require(
                    decoded == 255 || decoded < streams + coupled,
                    "OpusHead maps a channel to %d: only %d are decoded",
                    decoded,
                    streams + coupled);
        }
        return new OpusHead(
                version, channels, preSkip, inputSampleRate, outputGain, family, streams, coupled, mapping, matrix);
    }

    /** The OpusHead packet: what {@link #parse} reads. */
    public byte[] toBytes() {
        int mappingBytes = mappingFamily == 0 ? 0 : 2 + mapping.length + demixingMatrix.length;
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + mappingBytes).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC)
                .put((byte) version)
                .put((byte) channels)
                .putShort((short) preSkip)
                .putInt((int) inputSampleRate)
                .putShort((short) outputGain)
                .put((byte) mappingFamily);
        if (mappingFamily != 0) {
            out.put((byte) streamCount).put((byte) coupledCount).put(mapping).put(demixingMatrix);
        }
        return out.array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OpusHead head && Arrays.equals(toBytes(), head.toBytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toBytes());
    }

    private static void require(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(message, values));
        }
    }
}
