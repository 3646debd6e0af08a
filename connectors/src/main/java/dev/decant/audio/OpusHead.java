package dev.decant.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The identification header of a stream (RFC 7845, section 5.1): what a decoder has to know that the packets do not
 * say.
 *
 * @param version the version byte, 0 to 15; above that, nobody knows what it means
 * @param channels output channels, 1 to 255
 * @param preSkip samples to drop from the start of the link, 48 kHz ticks, 0 to 65,535
 * @param inputSampleRate the rate of the original input in Hz, for information only; 0: unknown
 * @param outputGain gain to apply when decoding, in 1/256 dB (Q7.8), -32,768 to 32,767
 * @param mappingFamily 0: mono or stereo; 1: Vorbis order; 2, 3: ambisonics (RFC 8486); 255: no meaning
 * @param streamCount Opus streams in each packet
 * @param coupledCount how many of them are coupled (stereo)
 * @param mapping for each output channel the decoded channel it takes, 255: silence; empty for family 3
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
    private static final int DEMIXING_FAMILY = 3;
    private static final int SILENCE = 255;
    private static final byte[] NO_MATRIX = {};

    /**
     * @throws IllegalArgumentException if a rule of RFC 7845 or RFC 8486 is broken; the message says which
     */
    public OpusHead {
        require(version >= 0 && version <= 15, "OpusHead of version %d: only versions 0 to 15 can be read", version);
        require(channels >= 1 && channels <= 255, "OpusHead with %d channels: at least 1, at most 255", channels);
        require(preSkip >= 0 && preSkip <= 0xFFFF, "OpusHead with a pre-skip of %d: at most 65535", preSkip);
        require(
                inputSampleRate >= 0 && inputSampleRate <= 0xFFFF_FFFFL,
                "OpusHead with an input rate of %d Hz: at most 4294967295",
                inputSampleRate);
        require(
                outputGain >= Short.MIN_VALUE && outputGain <= Short.MAX_VALUE,
                "OpusHead with a gain of %d: from -32768 to 32767",
                outputGain);
        require(
                mappingFamily >= 0 && mappingFamily <= 255,
                "OpusHead with mapping family %d: from 0 to 255",
                mappingFamily);
        require(
                mappingFamily != 0 || channels <= 2,
                "OpusHead with mapping family 0 and %d channels: at most 2",
                channels);
        require(
                mappingFamily != 1 || channels <= 8,
                "OpusHead with mapping family 1 and %d channels: at most 8",
                channels);
        require(streamCount >= 1, "OpusHead with %d streams: at least 1", streamCount);
        require(
                coupledCount >= 0 && coupledCount <= streamCount,
                "OpusHead with %d coupled of %d streams: no more than there are",
                coupledCount,
                streamCount);
        int decoded = streamCount + coupledCount;
        require(decoded <= 255, "OpusHead with %d decoded channels: at most 255", decoded);
        require(
                mappingFamily != 0 || (streamCount == 1 && decoded == channels),
                "OpusHead with mapping family 0, %d streams and %d coupled: 1 stream, coupled if it is stereo",
                streamCount,
                coupledCount);
        boolean demixes = mappingFamily == DEMIXING_FAMILY;
        require(
                mapping.length == (demixes ? 0 : channels),
                "OpusHead maps %d channels and has %d",
                mapping.length,
                channels);
        require(
                demixingMatrix.length == (demixes ? 2 * channels * decoded : 0),
                "OpusHead with mapping family %d has a demixing matrix of %d bytes",
                mappingFamily,
                demixingMatrix.length);
        for (byte index : mapping) {
            int source = index & 0xFF;
            require(
                    source == SILENCE || source < decoded,
                    "OpusHead maps a channel to %d: only %d are decoded",
                    source,
                    decoded);
        }
    }

    /**
     * A header for mono or stereo with mapping family 0, version 1, unknown input rate.
     *
     * @param channels 1 or 2
     * @param preSkip 48 kHz ticks, 0 to 65,535
     * @param outputGain 1/256 dB
     */
    public static OpusHead of(int channels, int preSkip, int outputGain) {
        return plain(1, channels, preSkip, 0, outputGain);
    }

    /** Whether {@code packet} begins as an OpusHead does; says nothing about the rest of it. */
    public static boolean isHead(byte[] packet) {
        return packet.length >= MAGIC.length && Arrays.equals(packet, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * Reads an OpusHead packet. Bytes after its end are passed over, as RFC 7845 demands.
     *
     * @throws IllegalArgumentException if it is none, or breaks a rule of RFC 7845; the message says which
     */
    public static OpusHead parse(byte[] packet) {
        require(isHead(packet), "no OpusHead: the first 8 bytes are not \"OpusHead\"");
        require(packet.length >= FIXED_BYTES, "OpusHead of %d bytes: at least 19 are needed", packet.length);
        ByteBuffer in = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
        int version = in.get() & 0xFF;
        int channels = in.get() & 0xFF;
        int preSkip = in.getShort() & 0xFFFF;
        long inputSampleRate = in.getInt() & 0xFFFF_FFFFL;
        int outputGain = in.getShort();
        int family = in.get() & 0xFF;
        if (family == 0) {
            return plain(version, channels, preSkip, inputSampleRate, outputGain);
        }
        require(in.remaining() >= 2, "OpusHead with mapping family %d ends before its channel mapping", family);
        int streams = in.get() & 0xFF;
        int coupled = in.get() & 0xFF;
        boolean demixes = family == DEMIXING_FAMILY;
        byte[] mapping = new byte[demixes ? 0 : channels];
        int matrixBytes = demixes ? 2 * channels * (streams + coupled) : 0;
        require(
                in.remaining() >= mapping.length + matrixBytes,
                "OpusHead with %d channels ends before its channel mapping",
                channels);
        byte[] matrix = matrixBytes == 0 ? NO_MATRIX : new byte[matrixBytes];
        in.get(mapping).get(matrix);
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

    /** Headers are equal if all they say is. Allocates nothing: packets of one link are compared one by one. */
    @Override
    public boolean equals(Object other) {
        return other == this
                || (other instanceof OpusHead head
                        && version == head.version
                        && channels == head.channels
                        && preSkip == head.preSkip
                        && inputSampleRate == head.inputSampleRate
                        && outputGain == head.outputGain
                        && mappingFamily == head.mappingFamily
                        && streamCount == head.streamCount
                        && coupledCount == head.coupledCount
                        && Arrays.equals(mapping, head.mapping)
                        && Arrays.equals(demixingMatrix, head.demixingMatrix));
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                version, channels, preSkip, inputSampleRate, outputGain, mappingFamily, Arrays.hashCode(mapping));
    }

    private static OpusHead plain(int version, int channels, int preSkip, long inputSampleRate, int outputGain) {
        byte[] mapping = channels == 2 ? new byte[] {0, 1} : new byte[Math.min(channels, 1)];
        int coupled = channels == 2 ? 1 : 0;
        return new OpusHead(version, channels, preSkip, inputSampleRate, outputGain, 0, 1, coupled, mapping, NO_MATRIX);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    // Numbers as long arguments, not as an array of boxes: every packet of a recording brings its header along.
    private static void require(boolean holds, String message, long number) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(message, number));
        }
    }

    private static void require(boolean holds, String message, long first, long second) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(message, first, second));
        }
    }
}
