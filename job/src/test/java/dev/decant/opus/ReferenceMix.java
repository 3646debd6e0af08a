package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.decant.audio.OpusHead;
import dev.decant.audio.SampleFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Mixing with the figures that are printed in RFC 7845, section 5.1.1.5 and in RFC 8486, section 4. They have six digits: so
 * what is compared may differ in the last of them.
 */
public final class ReferenceMix {
    private static final double[][] THREE = {{0.585786, 0.414214, 0}, {0, 0.414214, 0.585786}};
    private static final double[][] FOUR = {{0.422650, 0, 0.366025, 0.211325}, {0, 0.422650, 0.211325, 0.366025}};
    private static final double[][] FIVE = {
        {0.650802, 0.460186, 0, 0.563611, 0.325401}, {0, 0.460186, 0.650802, 0.325401, 0.563611}
    };
    private static final double[][] SIX = {
        {0.529067, 0.374107, 0, 0.458186, 0.264534, 0.374107}, {0, 0.374107, 0.529067, 0.264534, 0.458186, 0.374107}
    };
    private static final double[][] SEVEN = {
        {0.455310, 0.321953, 0, 0.394310, 0.227655, 0.278819, 0.321953},
        {0, 0.321953, 0.455310, 0.227655, 0.394310, 0.278819, 0.321953}
    };
    private static final double[][] EIGHT = {
        {.388631, .274804, 0, .336565, .194316, .336565, .194316, .274804},
        {0, .274804, .388631, .194316, .336565, .194316, .336565, .274804}
    };

    private ReferenceMix() {}

    /** The coefficients for a header, one row an output channel. */
    static double[][] coefficients(OpusHead head, int outputs) {
        double[][] stereo = head.mappingFamily() == 1 ? speakers(head.channels()) : ambisonics(head.channels());
        if (outputs == 2) {
            return stereo;
        }
        double[] mono = new double[head.channels()];
        boolean wAlone = head.mappingFamily() != 1 && !hasStereoBesides(head.channels());
        for (int i = 0; i < mono.length; i++) {
            mono[i] = wAlone ? (i == 0 ? 1 : 0) : 0.5 * (stereo[0][i] + stereo[1][i]);
        }
        return new double[][] {mono};
    }

    /**
     * Compares mixed samples with those of the channels that they are mixed of.
     *
     * @param decoded s16le where {@code mixed} is, else f32le
     */
    public static void assertMixed(OpusHead head, int outputs, byte[] decoded, SampleFormat format, byte[] mixed) {
        double[][] rows = coefficients(head, outputs);
        int inputs = head.channels();
        ByteBuffer in = ByteBuffer.wrap(decoded).order(ByteOrder.LITTLE_ENDIAN);
        boolean whole = format == SampleFormat.S16LE;
        int samples = decoded.length / inputs / (whole ? Short.BYTES : Float.BYTES);
        assertThat(mixed).hasSize(samples * outputs * format.bytes());
        ByteBuffer out = ByteBuffer.wrap(mixed).order(ByteOrder.LITTLE_ENDIAN);
        for (int sample = 0; sample < samples; sample++) {
            for (double[] row : rows) {
                double sum = 0;
                double loudness = 0;
                for (int input = 0; input < inputs; input++) {
                    int at = sample * inputs + input;
                    double value = whole ? in.getShort(2 * at) / 32_768.0 : in.getFloat(4 * at);
                    sum += row[input] * value;
                    loudness += Math.abs(value);
                }
                double step = whole ? 1 / 32_768.0 : format == SampleFormat.S24LE ? 1 / 8_388_608.0 : 1e-7;
                double expected = format == SampleFormat.F32LE ? sum : Math.max(-1, Math.min(1 - step, sum));
                double allowed = 0.5001 * step + 1e-6 * loudness;
                double actual = next(out, format);
                if (Math.abs(actual - expected) > allowed) {
                    assertThat(actual).as("sample %d", sample).isCloseTo(expected, within(allowed));
                }
            }
        }
    }

    private static double next(ByteBuffer out, SampleFormat format) {
        return switch (format) {
            case S16LE -> out.getShort() / 32_768.0;
            case S24LE -> (out.get() & 0xFF | (out.get() & 0xFF) << 8 | out.get() << 16) / 8_388_608.0;
            case F32LE -> out.getFloat();
        };
    }

    private static double[][] speakers(int channels) {
        return switch (channels) {
            case 3 -> THREE;
            case 4 -> FOUR;
            case 5 -> FIVE;
            case 6 -> SIX;
            case 7 -> SEVEN;
            default -> EIGHT;
        };
    }

    private static double[][] ambisonics(int channels) {
        double[][] rows = new double[2][channels];
        boolean besides = hasStereoBesides(channels);
        double w = besides ? 0.25 : 0.5;
        rows[0][0] = w;
        rows[1][0] = w;
        rows[0][1] = w;
        rows[1][1] = -w;
        if (besides) {
            rows[0][channels - 2] = 0.5;
            rows[1][channels - 1] = 0.5;
        }
        return rows;
    }

    private static boolean hasStereoBesides(int channels) {
        return channels == 6 || channels == 11;
    }
}
