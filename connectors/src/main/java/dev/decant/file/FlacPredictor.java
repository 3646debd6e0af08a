package dev.decant.file;

import java.util.Arrays;

/**
 * Foretells a sample from those before it: the sum of the last {@link #order} samples, each times its coefficient, shifted
 * right (RFC 9639, sections 9.2.5 and 9.2.6). The fixed predictors are known to every decoder.
 */
final class FlacPredictor {
    static final int MAX_FIXED_ORDER = 4;

    private static final FlacPredictor[] FIXED = {
        fixed(), fixed(1), fixed(2, -1), fixed(3, -3, 1), fixed(4, -6, 4, -1),
    };

    private final int[] coefficients;
    private final int precision;
    private final int shift;
    /** How much larger than any sample a sum can be at most. */
    private final long gain;

    /**
     * @param coefficients of the sample before, of that before it, and so on
     * @param precision bits that hold each of them, with its sign
     * @param shift bits to drop from the sum
     */
    FlacPredictor(int[] coefficients, int precision, int shift) {
        this.coefficients = coefficients;
        this.precision = precision;
        this.shift = shift;
        long magnitudes = 0;
        for (int coefficient : coefficients) {
            magnitudes += Math.abs(coefficient);
        }
        gain = magnitudes;
    }

    private static FlacPredictor fixed(int... coefficients) {
        return new FlacPredictor(coefficients, 0, 0);
    }

    /** The fixed predictor that leaves the smallest residual of {@code samples}, of which there are more than 4. */
    static FlacPredictor fixed(int[] samples, int count) {
        long sum0 = 0;
        long sum1 = 0;
        long sum2 = 0;
        long sum3 = 0;
        long sum4 = 0;
        int last0 = samples[3];
        int last1 = samples[3] - samples[2];
        int last2 = last1 - (samples[2] - samples[1]);
        int last3 = last2 - (samples[2] - 2 * samples[1] + samples[0]);
        for (int i = MAX_FIXED_ORDER; i < count; i++) {
            int error0 = samples[i];
            int error1 = error0 - last0;
            int error2 = error1 - last1;
            int error3 = error2 - last2;
            int error4 = error3 - last3;
            sum0 += Math.abs(error0);
            sum1 += Math.abs(error1);
            sum2 += Math.abs(error2);
            sum3 += Math.abs(error3);
            sum4 += Math.abs(error4);
            last0 = error0;
            last1 = error1;
            last2 = error2;
            last3 = error3;
        }
        long[] sums = {sum0, sum1, sum2, sum3, sum4};
        int best = 0;
        for (int order = 1; order <= MAX_FIXED_ORDER; order++) {
            best = sums[order] < sums[best] ? order : best;
        }
        return FIXED[best];
    }

    /** How many samples before it foretell a sample. */
    int order() {
        return coefficients.length;
    }

    boolean isFixed() {
        return precision == 0;
    }

    /** Bits of what {@link #write} writes. */
    int bits() {
        return isFixed() ? 0 : 4 + 5 + order() * precision;
    }

    /** Writes what a decoder must know of it, which is nothing of a fixed one. */
    void write(BitWriter out) {
        if (!isFixed()) {
            out.put(precision - 1, 4);
            out.put(shift, 5);
            for (int coefficient : coefficients) {
                out.putSigned(coefficient, precision);
            }
        }
    }

    /**
     * Puts the differences between {@code samples} and what was foretold into {@code residual}, from {@link #order} on.
     *
     * @param bits of a sample, at most 25
     * @param scratch is overwritten; as long as the others
     * @return whether each of them is a number that a residual may hold (section 9.2.7.3); if not, there is none
     */
    boolean residual(int[] samples, int count, int bits, int[] residual, int[] scratch) {
        if (gain + 1 << bits - 1 <= Integer.MAX_VALUE) {
            intResidual(samples, count, residual, scratch);
            return true;
        }
        return longResidual(samples, count, residual);
    }

    /** Multiplies the whole block by one coefficient after the other: of that the compiler makes vector instructions. */
    private void intResidual(int[] samples, int count, int[] residual, int[] shifted) {
        int order = order();
        Arrays.fill(residual, order, count, 0);
        for (int j = 0; j < order; j++) {
            // It would not if the indices differed.
            System.arraycopy(samples, 0, shifted, j + 1, count - j - 1);
            addProducts(coefficients[j], shifted, order, count, residual);
        }
        for (int i = order; i < count; i++) {
            residual[i] = samples[i] - (residual[i] >> shift);
        }
    }

    private static void addProducts(int coefficient, int[] samples, int from, int to, int[] sums) {
        for (int i = from; i < to; i++) {
            sums[i] += coefficient * samples[i];
        }
    }

    private boolean longResidual(int[] samples, int count, int[] residual) {
        int order = order();
        long magnitudes = 0;
        for (int i = order; i < count; i++) {
            long sum = 0;
            for (int j = 0; j < order; j++) {
                sum += (long) coefficients[j] * samples[i - 1 - j];
            }
            long error = samples[i] - (sum >> shift);
            magnitudes |= error ^ error >> Long.SIZE - 1;
            residual[i] = (int) error;
        }
        return magnitudes < Integer.MAX_VALUE;
    }
}
