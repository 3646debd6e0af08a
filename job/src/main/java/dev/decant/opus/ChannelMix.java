package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.SampleFormat;
import java.nio.ByteBuffer;

/**
 * Mixes the channels that a decoder gives to the one or two that are wished for. A sample is the sum of the decoder's
 * samples, each times its coefficient, as double, in the order of the channels; it is rounded to the nearest value that
 * the format has, ties to even, and clamped where that is a whole number. {@code s24le} is made of the sum rounded to
 * float, as it is without mixing.
 *
 * <p>The coefficients are those of RFC 7845, section 5.1.1.5 for loudspeakers, and of RFC 8486, section 4 for ambisonics.
 */
final class ChannelMix {
    private final int inputs;
    private final int outputs;
    /** Of the first output for each input, then of the second. */
    private final double[] coefficients;

    private ChannelMix(int inputs, double[]... rows) {
        this.inputs = inputs;
        outputs = rows.length;
        coefficients = new double[inputs * outputs];
        for (int row = 0; row < outputs; row++) {
            System.arraycopy(rows[row], 0, coefficients, row * inputs, inputs);
        }
    }

    /** The mix that a layout asks for. */
    static ChannelMix of(ChannelLayout layout) {
        int inputs = layout.decodedChannels();
        double[][] stereo = layout.isAmbisonic() ? ambisonic(layout) : speakers(inputs);
        if (layout.channels() == 2) {
            return new ChannelMix(inputs, stereo);
        }
        boolean omnidirectional = layout.isAmbisonic() && !layout.hasNonDiegeticStereo();
        return new ChannelMix(inputs, omnidirectional ? first(inputs) : average(stereo));
    }

    /** Decodes nothing, mixes nothing: each output is a sum of inputs with the coefficients of a demixing matrix. */
    static ChannelMix demixing(ChannelLayout layout) {
        int inputs = layout.decodedChannels();
        byte[] matrix = layout.demixingMatrix();
        double[][] rows = new double[inputs][inputs];
        for (int column = 0; column < inputs; column++) {
            for (int row = 0; row < inputs; row++) {
                int at = 2 * (column * inputs + row);
                rows[row][column] = (short) (matrix[at] & 0xFF | matrix[at + 1] << 8) / 32_768.0;
            }
        }
        return new ChannelMix(inputs, rows);
    }

    /** This mix of what another one gives. */
    ChannelMix after(ChannelMix other) {
        double[][] rows = new double[outputs][other.inputs];
        for (int row = 0; row < outputs; row++) {
            for (int middle = 0; middle < inputs; middle++) {
                for (int input = 0; input < other.inputs; input++) {
                    rows[row][input] +=
                            coefficients[row * inputs + middle] * other.coefficients[middle * other.inputs + input];
                }
            }
        }
        return new ChannelMix(other.inputs, rows);
    }

    /**
     * Fills {@code pcm} with mixed samples.
     *
     * @param decoded what the decoder gave: little-endian, whole numbers for {@code s16le}, else floats
     * @param from the first sample a channel
     */
    void copy(ByteBuffer decoded, int from, SampleFormat format, byte[] pcm) {
        int out = 0;
        for (int in = from * inputs; out < pcm.length; in += inputs) {
            for (int row = 0; row < coefficients.length; row += inputs) {
                out = switch (format) {
                    case S16LE -> Samples.putS16(round(wholeSum(decoded, in, row)), pcm, out);
                    case S24LE -> Samples.putS24(Samples.s24((float) floatSum(decoded, in, row)), pcm, out);
                    case F32LE -> Samples.putF32((float) floatSum(decoded, in, row), pcm, out);
                };
            }
        }
    }

    /** Fills {@code pcm} with mixed samples, s16le. */
    void copy(short[] decoded, int from, byte[] pcm) {
        int out = 0;
        for (int in = from * inputs; out < pcm.length; in += inputs) {
            for (int row = 0; row < coefficients.length; row += inputs) {
                double sum = 0;
                for (int input = 0; input < inputs; input++) {
                    sum += coefficients[row + input] * decoded[in + input];
                }
                out = Samples.putS16(round(sum), pcm, out);
            }
        }
    }

    private double wholeSum(ByteBuffer decoded, int in, int row) {
        double sum = 0;
        for (int input = 0; input < inputs; input++) {
            sum += coefficients[row + input] * decoded.getShort((in + input) * Short.BYTES);
        }
        return sum;
    }

    private double floatSum(ByteBuffer decoded, int in, int row) {
        double sum = 0;
        for (int input = 0; input < inputs; input++) {
            sum += coefficients[row + input] * decoded.getFloat((in + input) * Float.BYTES);
        }
        return sum;
    }

    private static int round(double sum) {
        return (int) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.rint(sum)));
    }

    /** Stereo of speakers: figures 3 to 8 of RFC 7845; of two as they are, of one on both sides. */
    private static double[][] speakers(int channels) {
        double center = Math.sqrt(0.5);
        double near = Math.sqrt(3) / 2;
        double far = 0.5;
        double rear = near * center;
        return switch (channels) {
            case 1 -> new double[][] {{1}, {1}};
            case 2 -> new double[][] {{1, 0}, {0, 1}};
            case 3 -> normalized(1, new double[][] {{1, center, 0}, {0, center, 1}});
            case 4 -> normalized(1, new double[][] {{1, 0, near, far}, {0, 1, far, near}});
            case 5 -> normalized(2, new double[][] {{1, center, 0, near, far}, {0, center, 1, far, near}});
            case 6 ->
                normalized(2, new double[][] {{1, center, 0, near, far, center}, {0, center, 1, far, near, center}});
            case 7 ->
                normalized(2, new double[][] {
                    {1, center, 0, near, far, rear, center}, {0, center, 1, far, near, rear, center}
                });
            default ->
                normalized(2, new double[][] {
                    {1, center, 0, near, far, near, far, center}, {0, center, 1, far, near, far, near, center}
                });
        };
    }

    private static double[][] normalized(double total, double[][] rows) {
        double[][] normalized = new double[rows.length][rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            double sum = 0;
            for (double coefficient : rows[row]) {
                sum += coefficient;
            }
            for (int input = 0; input < rows[row].length; input++) {
                normalized[row][input] = rows[row][input] * total / sum;
            }
        }
        return normalized;
    }

    /** Stereo of ambisonics: the first channel is what comes from all around, the second is louder from the left. */
    private static double[][] ambisonic(ChannelLayout layout) {
        int channels = layout.decodedChannels();
        boolean besides = layout.hasNonDiegeticStereo();
        double part = besides ? 0.25 : 0.5;
        int harmonics = besides ? channels - 2 : channels;
        double[][] rows = new double[2][channels];
        for (int side = 0; side < 2; side++) {
            rows[side][0] = part;
            if (harmonics > 1) {
                rows[side][1] = side == 0 ? part : -part;
            }
            if (besides) {
                rows[side][harmonics + side] = 0.5;
            }
        }
        return rows;
    }

    private static double[] first(int channels) {
        double[] row = new double[channels];
        row[0] = 1;
        return row;
    }

    private static double[] average(double[][] stereo) {
        double[] row = new double[stereo[0].length];
        for (int input = 0; input < row.length; input++) {
            row[input] = (stereo[0][input] + stereo[1][input]) / 2;
        }
        return row;
    }
}
