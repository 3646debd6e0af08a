package dev.decant.opus;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * libopus' own encoder, which makes the packets of the tests. Options are set one after the other and each answers with
 * the encoder:
 *
 * <pre>{@code
 * try (TestEncoder encoder = new TestEncoder(48_000, 1).mode(Mode.SILK).bandwidth(Bandwidth.WIDE).bitrate(16_000)) {
 *     List<byte[]> packets = encoder.encode(TestSignals.speech(48_000, 1, 480_000, 7), 960);
 * }
 * }</pre>
 */
public final class TestEncoder implements AutoCloseable {
    private static final int APPLICATION_AUDIO = 2049;
    private static final int MAX_PACKET_BYTES = 1_275 * 3 + 7;

    /** What codes the sound; {@code AUTO} leaves it to the encoder. */
    public enum Mode {
        AUTO(-1000),
        SILK(1000),
        HYBRID(1001),
        CELT(1002);

        private final int value;

        Mode(int value) {
            this.value = value;
        }
    }

    /** RFC 6716, section 2. */
    public enum Bandwidth {
        AUTO(-1000),
        NARROW(1101),
        MEDIUM(1102),
        WIDE(1103),
        SUPER_WIDE(1104),
        FULL(1105);

        private final int value;

        Bandwidth(int value) {
            this.value = value;
        }
    }

    private final PlainLibOpus opus = PlainLibOpus.EMBEDDED;
    private final int channels;
    private final Pointer encoder;

    /**
     * @param rate of the samples that will be encoded: 8,000, 12,000, 16,000, 24,000 or 48,000
     * @param channels 1 or 2
     */
    public TestEncoder(int rate, int channels) {
        this.channels = channels;
        IntByReference error = new IntByReference();
        encoder = opus.opus_encoder_create(rate, channels, APPLICATION_AUDIO, error);
        PlainLibOpus.requireOk(error.getValue(), "opus_encoder_create");
        complexity(3);
    }

    public TestEncoder bitrate(int bitsPerSecond) {
        return set(4002, bitsPerSecond);
    }

    /** 0 to 10; 3 unless set. */
    public TestEncoder complexity(int complexity) {
        return set(4010, complexity);
    }

    /** Forces SILK, hybrid or CELT; may be changed between packets. */
    public TestEncoder mode(Mode mode) {
        return set(11_002, mode.value);
    }

    /** May be changed between packets. */
    public TestEncoder bandwidth(Bandwidth bandwidth) {
        return set(4008, bandwidth.value);
    }

    /** Codes one channel, or two, whatever the input has; may be changed between packets. */
    public TestEncoder codedChannels(int count) {
        return set(4022, count);
    }

    /** Each packet carries the one before it again, at fewer bits, if the encoder believes in that much loss. */
    public TestEncoder forwardErrorCorrection(int expectedLossPercent) {
        return set(4012, 1).set(4014, expectedLossPercent);
    }

    /** In silence, packets of one byte or less. */
    public TestEncoder discontinuousTransmission() {
        return set(4016, 1);
    }

    /** All packets of one length. */
    public TestEncoder constantBitrate() {
        return set(4006, 0);
    }

    /**
     * The packets of a sound.
     *
     * @param pcm interleaved; what is left after the last whole packet is not encoded
     * @param samplesPerPacket a channel: 2.5, 5, 10, 20, 40 or 60 ms; SILK and hybrid take 10 ms and more
     */
    public List<byte[]> encode(short[] pcm, int samplesPerPacket) {
        int step = samplesPerPacket * channels;
        List<byte[]> packets = new ArrayList<>(pcm.length / step);
        for (int from = 0; from + step <= pcm.length; from += step) {
            packets.add(encodePacket(Arrays.copyOfRange(pcm, from, from + step)));
        }
        return packets;
    }

    /** One packet of all these samples, interleaved. */
    public byte[] encodePacket(short[] pcm) {
        byte[] packet = new byte[MAX_PACKET_BYTES];
        int length = opus.opus_encode(encoder, pcm, pcm.length / channels, packet, packet.length);
        if (length < 0) {
            throw new IllegalStateException("opus_encode gave " + OpusError.ofCode(length));
        }
        return Arrays.copyOf(packet, length);
    }

    /** Of the last packet, unsigned 32 bit: what a decoder's final range must be. */
    public long finalRange() {
        IntByReference range = new IntByReference();
        PlainLibOpus.requireOk(opus.opus_encoder_ctl(encoder, 4031, range), "OPUS_GET_FINAL_RANGE");
        return Integer.toUnsignedLong(range.getValue());
    }

    @Override
    public void close() {
        opus.opus_encoder_destroy(encoder);
    }

    private TestEncoder set(int request, int value) {
        PlainLibOpus.requireOk(opus.opus_encoder_ctl(encoder, request, value), "opus_encoder_ctl " + request);
        return this;
    }
}
