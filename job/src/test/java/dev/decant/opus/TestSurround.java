package dev.decant.opus;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import dev.decant.audio.OpusHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stream of more channels than two, as libopus' own encoders for several streams make it.
 *
 * @param head what its header would be
 * @param packets of 20 ms
 * @param finalRanges the encoder's, one a packet
 */
public record TestSurround(OpusHead head, List<byte[]> packets, List<Long> finalRanges) {
    /** 20 ms. */
    public static final int TICKS = 960;

    private static final int APPLICATION_AUDIO = 2049;
    private static final int SET_BITRATE = 4002;
    private static final int SET_COMPLEXITY = 4010;
    private static final int SET_INBAND_FEC = 4012;
    private static final int SET_PACKET_LOSS_PERC = 4014;
    private static final int SET_BANDWIDTH = 4008;
    private static final int GET_FINAL_RANGE = 4031;
    private static final int SET_FORCE_MODE = 11_002;
    private static final int SILK_ONLY = 1000;
    private static final int WIDE = 1103;
    private static final int GET_DEMIXING_MATRIX_SIZE = 6003;
    private static final int GET_DEMIXING_MATRIX = 6005;
    private static final int PRE_SKIP = 312;

    /** A second and a half of every mapping family. */
    public static List<TestSurround> ofEveryKind() {
        return List.of(
                of(1, 3, 75),
                of(1, 6, 75),
                of(1, 8, 75),
                of(2, 4, 75),
                of(2, 6, 75),
                of(3, 4, 75),
                of(3, 6, 75),
                of(3, 9, 75),
                of(255, 5, 75));
    }

    /**
     * Speech, each channel another voice. The encoder makes CELT of channels that belong together; of those of family 255 it
     * can make SILK, and packets that carry the one before.
     */
    public static TestSurround of(int family, int channels, int packetCount) {
        PlainLibOpus opus = PlainLibOpus.EMBEDDED;
        IntByReference streams = new IntByReference();
        IntByReference coupled = new IntByReference();
        IntByReference error = new IntByReference();
        byte[] mapping = new byte[channels];
        boolean projects = family == 3;
        Pointer encoder = projects
                ? opus.opus_projection_ambisonics_encoder_create(
                        48_000, channels, family, streams, coupled, APPLICATION_AUDIO, error)
                : opus.opus_multistream_surround_encoder_create(
                        48_000, channels, family, streams, coupled, mapping, APPLICATION_AUDIO, error);
        PlainLibOpus.requireOk(error.getValue(), "The creation of an encoder");
        try {
            Control control = (request, argument) -> projects
                    ? opus.opus_projection_encoder_ctl(encoder, request, argument)
                    : opus.opus_multistream_encoder_ctl(encoder, request, argument);
            control.set(SET_BITRATE, 24_000 * channels);
            if (family == 255) {
                control.set(SET_FORCE_MODE, SILK_ONLY);
                control.set(SET_BANDWIDTH, WIDE);
            }
            control.set(SET_COMPLEXITY, 2);
            control.set(SET_INBAND_FEC, 1);
            control.set(SET_PACKET_LOSS_PERC, 25);
            OpusHead head = new OpusHead(
                    1,
                    channels,
                    PRE_SKIP,
                    48_000,
                    0,
                    family,
                    streams.getValue(),
                    coupled.getValue(),
                    projects ? new byte[0] : mapping,
                    projects ? demixingMatrix(control) : new byte[0]);
            short[] pcm = voices(channels, packetCount * TICKS);
            byte[] packet = new byte[1_275 * channels * 3];
            List<byte[]> packets = new ArrayList<>();
            List<Long> finalRanges = new ArrayList<>();
            for (int i = 0; i < packetCount; i++) {
                short[] part = Arrays.copyOfRange(pcm, i * TICKS * channels, (i + 1) * TICKS * channels);
                int length = projects
                        ? opus.opus_projection_encode(encoder, part, TICKS, packet, packet.length)
                        : opus.opus_multistream_encode(encoder, part, TICKS, packet, packet.length);
                PlainLibOpus.requireOk(Math.min(0, length), "The encoding of a packet");
                packets.add(Arrays.copyOf(packet, length));
                finalRanges.add(control.get(GET_FINAL_RANGE) & 0xFFFF_FFFFL);
            }
            return new TestSurround(head, packets, finalRanges);
        } finally {
            if (projects) {
                opus.opus_projection_encoder_destroy(encoder);
            } else {
                opus.opus_multistream_encoder_destroy(encoder);
            }
        }
    }

    @Override
    public String toString() {
        return "family " + head.mappingFamily() + ", " + head.channels() + " ch in " + head.streamCount() + " streams";
    }

    private static byte[] demixingMatrix(Control control) {
        int size = control.get(GET_DEMIXING_MATRIX_SIZE);
        try (Memory matrix = new Memory(size)) {
            PlainLibOpus.requireOk(
                    control.call(GET_DEMIXING_MATRIX, matrix, size), "OPUS_PROJECTION_GET_DEMIXING_MATRIX");
            return matrix.getByteArray(0, size);
        }
    }

    private static short[] voices(int channels, int samples) {
        short[] all = new short[channels * samples];
        for (int channel = 0; channel < channels; channel++) {
            short[] voice = TestSignals.speech(48_000, 1, samples, 100 + channel);
            for (int i = 0; i < samples; i++) {
                all[i * channels + channel] = voice[i];
            }
        }
        return all;
    }

    private interface Control {
        int call(int request, Object... argument);

        default void set(int request, int value) {
            PlainLibOpus.requireOk(call(request, value), "Request " + request);
        }

        default int get(int request) {
            IntByReference value = new IntByReference();
            PlainLibOpus.requireOk(call(request, value), "Request " + request);
            return value.getValue();
        }
    }
}
