package dev.decant.file;

/**
 * What a predictor left of the samples of a block, as Rice codes: cut into 2^n partitions, each with a parameter of its
 * own (RFC 9639, section 9.2.7).
 */
final class FlacResidual {
    /** More of them cost more than they save. */
    private static final int MAX_PARTITION_ORDER = 6;

    private static final int MAX_PARAMETER_OF_4_BITS = 14;
    /** 31 would say that a partition is not Rice-coded. */
    private static final int MAX_PARAMETER = 30;

    private static final int METHOD_AND_ORDER_BITS = 6;
    private static final int MAX_CODE_BITS = 32;

    /** Folded: 0, -1, 1, -2, ... are 0, 1, 2, 3, ..., without a sign. */
    private final int[] folded;

    private final int[] scratch;
    private final long[] sums = new long[1 << MAX_PARTITION_ORDER];
    private int[] parameters = new int[1 << MAX_PARTITION_ORDER];
    private int[] tried = new int[1 << MAX_PARTITION_ORDER];
    private FlacPredictor predictor;
    private int count;
    private int partitionOrder;
    private int parameterBits;
    private long bits;

    /**
     * @param maxCount samples of the largest block
     */
    FlacResidual(int maxCount) {
        folded = new int[maxCount];
        scratch = new int[maxCount];
    }

    /**
     * About how many bits {@code count} numbers without a sign take in the best Rice code, or up to half a bit each less:
     * the rounding down of each of them is reckoned as if they were spread evenly.
     */
    static long bits(long sum, int count) {
        return bits(sum, count, parameter(sum, count));
    }

    private static long bits(long sum, int count, int parameter) {
        long dropped = (((long) count << parameter) - count) / 2;
        return (parameter + 1L) * count + (Math.max(0, sum - dropped) >> parameter);
    }

    /** The largest power of two that is not above the mean: no other parameter makes {@link #bits} smaller. */
    private static int parameter(long sum, int count) {
        return sum <= count ? 0 : Math.min(MAX_PARAMETER, 63 - Long.numberOfLeadingZeros(sum / count));
    }

    /** Takes what {@code predictor} leaves of {@code samples}, each of so many bits. */
    void take(FlacPredictor predictor, int[] samples, int count, int bits) {
        this.predictor = predictor;
        this.count = count;
        if (!predictor.residual(samples, count, bits, folded, scratch)) {
            this.bits = Long.MAX_VALUE;
            return;
        }
        int order = predictor.order();
        for (int i = order; i < count; i++) {
            folded[i] = folded[i] << 1 ^ folded[i] >> 31;
        }
        choosePartitions(order);
        this.bits += METHOD_AND_ORDER_BITS + (long) order * bits + predictor.bits();
    }

    /** Bits of warm-up, predictor and residual, or up to half a bit a sample less; {@link Long#MAX_VALUE}: there are none. */
    long bits() {
        return bits;
    }

    FlacPredictor predictor() {
        return predictor;
    }

    /** Writes the residual. */
    void write(BitWriter out) {
        out.put(parameterBits == 4 ? 0 : 1, 2);
        out.put(partitionOrder, 4);
        int size = count >> partitionOrder;
        int from = predictor.order();
        for (int partition = 0; partition < 1 << partitionOrder; partition++) {
            int to = (partition + 1) * size;
            out.put(parameters[partition], parameterBits);
            writeCodes(from, to, parameters[partition], out);
            from = to;
        }
    }

    private void writeCodes(int from, int to, int parameter, BitWriter out) {
        int stop = 1 << parameter;
        int mask = stop - 1;
        for (int i = from; i < to; i++) {
            int quotient = folded[i] >>> parameter;
            int length = quotient + 1 + parameter;
            if (length > MAX_CODE_BITS) {
                out.putZeros(quotient);
                length = parameter + 1;
            }
            out.put(stop | folded[i] & mask, length);
        }
    }

    private void choosePartitions(int predictorOrder) {
        int order = MAX_PARTITION_ORDER;
        while (order > 0 && ((count & (1 << order) - 1) != 0 || count >> order <= predictorOrder)) {
            order--;
        }
        sumPartitions(order, predictorOrder);
        bits = Long.MAX_VALUE;
        for (; order >= 0; order--) {
            tryPartitions(order, predictorOrder);
            for (int pair = 0; pair < 1 << order - 1; pair++) {
                sums[pair] = sums[2 * pair] + sums[2 * pair + 1];
            }
        }
    }

    private void sumPartitions(int order, int predictorOrder) {
        int size = count >> order;
        int from = predictorOrder;
        for (int partition = 0; partition < 1 << order; partition++) {
            int to = (partition + 1) * size;
            long sum = 0;
            for (int i = from; i < to; i++) {
                sum += folded[i] & 0xFFFF_FFFFL;
            }
            sums[partition] = sum;
            from = to;
        }
    }

    private void tryPartitions(int order, int predictorOrder) {
        int size = count >> order;
        int largest = 0;
        long total = 0;
        for (int partition = 0; partition < 1 << order; partition++) {
            int codes = partition == 0 ? size - predictorOrder : size;
            tried[partition] = parameter(sums[partition], codes);
            total += bits(sums[partition], codes, tried[partition]);
            largest = Math.max(largest, tried[partition]);
        }
        int eachBits = largest <= MAX_PARAMETER_OF_4_BITS ? 4 : 5;
        total += (long) eachBits << order;
        if (total < bits) {
            bits = total;
            partitionOrder = order;
            parameterBits = eachBits;
            int[] better = tried;
            tried = parameters;
            parameters = better;
        }
    }
}
