package dev.decant.file;

import java.util.Arrays;

/**
 * Finds the linear predictor that leaves the least of a block: autocorrelation of the windowed samples, the recursion of
 * Levinson and Durbin, and coefficients rounded to integers. Nothing in it but plain arithmetic and {@link StrictMath}, so
 * that every machine finds the same.
 */
final class LinearAnalysis {
    /** What the streamable subset allows (RFC 9639, section 7). */
    private static final int MAX_ORDER = 12;
    /** Of fewer samples there is too little to learn. */
    private static final int MIN_COUNT = 64;

    private static final int MAX_SHIFT = 15;
    /** So that sums of 12 products stay within an int, also of the 17 bits of a difference. */
    private static final int PRECISION_16_BIT = 12;

    private static final int PRECISION_24_BIT = 15;
    private static final int LAGS_A_PASS = 7;

    /** Behind as many zeros as the longest lag goes back. */
    private final double[] windowed;

    private double[] window = {};
    private final double[] correlation = new double[2 * LAGS_A_PASS];
    /** For each order its coefficients. */
    private final double[][] coefficients = new double[MAX_ORDER + 1][MAX_ORDER];

    /** For each order the energy of what it leaves. */
    private final double[] errors = new double[MAX_ORDER + 1];

    /**
     * @param maxCount samples of the largest block
     */
    LinearAnalysis(int maxCount) {
        windowed = new double[correlation.length + maxCount];
    }

    /**
     * A predictor for {@code samples}, or null if none was found.
     *
     * @param bits of a sample
     */
    FlacPredictor predictor(int[] samples, int count, int bits) {
        if (count < MIN_COUNT) {
            return null;
        }
        int precision = bits <= 17 ? PRECISION_16_BIT : PRECISION_24_BIT;
        window(samples, count);
        for (int lag = 0; lag < correlation.length; lag += LAGS_A_PASS) {
            correlate(lag, count);
        }
        int orders = recur();
        if (orders == 0) {
            return null;
        }
        int order = bestOrder(orders, count, bits + precision);
        return rounded(coefficients[order], order, precision);
    }

    private void window(int[] samples, int count) {
        if (window.length != count) {
            window = welch(count);
        }
        int at = correlation.length;
        for (int i = 0; i < count; i++) {
            windowed[at + i] = window[i] * samples[i];
        }
    }

    /** A parabola: as good here as windows that need a cosine. */
    private static double[] welch(int count) {
        double[] window = new double[count];
        double half = (count - 1) / 2.0;
        for (int i = 0; i < count; i++) {
            double x = (i - half) / half;
            window[i] = 1 - x * x;
        }
        return window;
    }

    /** So many sums at once keep the processor busy, where one would wait for itself. */
    private void correlate(int lag, int count) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        double sum4 = 0;
        double sum5 = 0;
        double sum6 = 0;
        int from = correlation.length;
        for (int i = from; i < from + count; i++) {
            double sample = windowed[i];
            sum0 += sample * windowed[i - lag];
            sum1 += sample * windowed[i - lag - 1];
            sum2 += sample * windowed[i - lag - 2];
            sum3 += sample * windowed[i - lag - 3];
            sum4 += sample * windowed[i - lag - 4];
            sum5 += sample * windowed[i - lag - 5];
            sum6 += sample * windowed[i - lag - 6];
        }
        double[] sums = {sum0, sum1, sum2, sum3, sum4, sum5, sum6};
        System.arraycopy(sums, 0, correlation, lag, LAGS_A_PASS);
    }

    /** Finds the coefficients and the error of each order from 1 on, and says up to which. */
    private int recur() {
        Arrays.fill(coefficients[0], 0);
        double error = correlation[0];
        for (int order = 1; order <= MAX_ORDER; order++) {
            // Also of no number: whatever is not positive ends it.
            if (!(error > 0)) {
                return order - 1;
            }
            double[] shorter = coefficients[order - 1];
            double[] longer = coefficients[order];
            double sum = correlation[order];
            for (int j = 0; j < order - 1; j++) {
                sum -= shorter[j] * correlation[order - 1 - j];
            }
            double reflection = sum / error;
            for (int j = 0; j < order - 1; j++) {
                longer[j] = shorter[j] - reflection * shorter[order - 2 - j];
            }
            longer[order - 1] = reflection;
            error *= 1 - reflection * reflection;
            errors[order] = error;
        }
        return MAX_ORDER;
    }

    /** A residual takes half a bit a sample less for each halving of its energy; an order more takes a coefficient. */
    private int bestOrder(int orders, int count, int bitsAnOrder) {
        double bitsALog = count / (2 * StrictMath.log(2));
        int best = 1;
        double fewest = Double.MAX_VALUE;
        for (int order = 1; order <= orders; order++) {
            double energy = Math.max(errors[order], Double.MIN_NORMAL);
            double bits = StrictMath.log(energy) * bitsALog + order * bitsAnOrder;
            if (bits < fewest) {
                fewest = bits;
                best = order;
            }
        }
        return best;
    }

    /** What is lost in rounding one coefficient is given to the next. */
    private static FlacPredictor rounded(double[] exact, int order, int precision) {
        double largest = 0;
        for (int j = 0; j < order; j++) {
            largest = Math.max(largest, Math.abs(exact[j]));
        }
        int shift = Math.min(MAX_SHIFT, precision - 2 - Math.getExponent(largest));
        if (shift < 0) {
            return null;
        }
        int limit = 1 << precision - 1;
        int[] rounded = new int[order];
        double rest = 0;
        for (int j = 0; j < order; j++) {
            rest += exact[j] * (1 << shift);
            rounded[j] = (int) Math.max(-limit, Math.min(limit - 1, Math.rint(rest)));
            rest -= rounded[j];
        }
        return new FlacPredictor(rounded, precision, shift);
    }
}
