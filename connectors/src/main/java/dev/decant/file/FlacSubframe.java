package dev.decant.file;

/**
 * Writes the samples of one channel in the form that takes the fewest bits (RFC 9639, section 9.2): one value for all,
 * what a predictor left over, or the samples as they are.
 */
final class FlacSubframe {
    private static final int CONSTANT = 0x00;
    private static final int VERBATIM = 0x01;
    private static final int FIXED = 0x08;
    private static final int LINEAR = 0x20;
    /** What stands before the samples, the warm-up and the residual, at most. */
    private static final int HEADER_BYTES = 64;

    private final LinearAnalysis analysis;
    private FlacResidual best;
    private FlacResidual other;

    /**
     * @param maxCount samples of the largest block
     */
    FlacSubframe(int maxCount) {
        analysis = new LinearAnalysis(maxCount);
        best = new FlacResidual(maxCount);
        other = new FlacResidual(maxCount);
    }

    /** The bytes that a subframe takes at most: a residual may be longer than was reckoned by half a bit a sample. */
    static int maxBytes(int count, int bits) {
        return HEADER_BYTES + count * (bits + 1) / 8;
    }

    /** About how many bits {@code samples} would take; only to be compared with others of this method. */
    static long estimate(int[] samples, int count) {
        long sum = 0;
        for (int i = 2; i < count; i++) {
            sum += Math.abs(samples[i] - 2 * samples[i - 1] + samples[i - 2]);
        }
        // Folded, a number is twice as large.
        return FlacResidual.bits(2 * sum, count);
    }

    /**
     * Writes a subframe.
     *
     * @param bits of a sample: 16 or 24, and one more for a difference
     */
    void write(int[] samples, int count, int bits, BitWriter out) {
        if (isConstant(samples, count)) {
            writeHeader(CONSTANT, out);
            out.putSigned(samples[0], bits);
            return;
        }
        long verbatim = (long) count * bits;
        if (count > FlacPredictor.MAX_FIXED_ORDER) {
            best.take(FlacPredictor.fixed(samples, count), samples, count, bits);
            FlacPredictor linear = analysis.predictor(samples, count, bits);
            if (linear != null) {
                other.take(linear, samples, count, bits);
                if (other.bits() < best.bits()) {
                    FlacResidual worse = best;
                    best = other;
                    other = worse;
                }
            }
            if (best.bits() < verbatim) {
                writePredicted(samples, bits, out);
                return;
            }
        }
        writeHeader(VERBATIM, out);
        for (int i = 0; i < count; i++) {
            out.putSigned(samples[i], bits);
        }
    }

    private void writePredicted(int[] samples, int bits, BitWriter out) {
        FlacPredictor predictor = best.predictor();
        writeHeader(predictor.isFixed() ? FIXED | predictor.order() : LINEAR | predictor.order() - 1, out);
        for (int i = 0; i < predictor.order(); i++) {
            out.putSigned(samples[i], bits);
        }
        predictor.write(out);
        best.write(out);
    }

    /** The type between a zero and the flag of wasted bits, which we do not look for. */
    private static void writeHeader(int type, BitWriter out) {
        out.put(type << 1, 8);
    }

    private static boolean isConstant(int[] samples, int count) {
        for (int i = 1; i < count; i++) {
            if (samples[i] != samples[0]) {
                return false;
            }
        }
        return true;
    }
}
