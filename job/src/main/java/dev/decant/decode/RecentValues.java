package dev.decant.decode;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;

/**
 * The last 1,024 of some values. Written by the task thread alone and without a lock, since it is on the packet path; a
 * reporter that reads meanwhile sees some older values beside newer ones, which a statistic can bear.
 */
final class RecentValues implements Histogram {
    private static final int WINDOW = 1_024;

    private final AtomicLongArray recent = new AtomicLongArray(WINDOW);
    private volatile long count;

    @Override
    public void update(long value) {
        long next = count;
        recent.lazySet((int) (next % WINDOW), value);
        count = next + 1;
    }

    @Override
    public long getCount() {
        return count;
    }

    @Override
    public HistogramStatistics getStatistics() {
        long[] values = new long[(int) Math.min(count, WINDOW)];
        Arrays.setAll(values, recent::get);
        Arrays.sort(values);
        return new Statistics(values);
    }

    private static final class Statistics extends HistogramStatistics {
        private final long[] sorted;

        Statistics(long[] sorted) {
            this.sorted = sorted;
        }

        @Override
        public double getQuantile(double quantile) {
            return sorted.length == 0 ? 0 : sorted[(int) Math.round(quantile * (sorted.length - 1))];
        }

        @Override
        public long[] getValues() {
            return sorted.clone();
        }

        @Override
        public int size() {
            return sorted.length;
        }

        @Override
        public double getMean() {
            return Arrays.stream(sorted).average().orElse(0);
        }

        @Override
        public double getStdDev() {
            double mean = getMean();
            return Math.sqrt(Arrays.stream(sorted)
                    .mapToDouble(value -> (value - mean) * (value - mean))
                    .average()
                    .orElse(0));
        }

        @Override
        public long getMax() {
            return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
        }

        @Override
        public long getMin() {
            return sorted.length == 0 ? 0 : sorted[0];
        }
    }
}
