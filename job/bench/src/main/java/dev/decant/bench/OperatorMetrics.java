package dev.decant.bench;

import dev.decant.monitoring.DecantMetric;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** The metrics of the decoders, and the size of checkpoints, as they are now. Flink finds the class by its service. */
public final class OperatorMetrics implements MetricReporter {
    static final String CHECKPOINT_SIZE = "lastCheckpointSize";
    private static final Map<String, Metric> METRICS = new ConcurrentHashMap<>();

    private OperatorMetrics() {}

    /** Every number that there is, by the name of the metric within its group. */
    static Map<String, Long> values() {
        Map<String, Long> values = new TreeMap<>();
        METRICS.forEach((name, metric) -> {
            if (metric instanceof Counter counter) {
                values.put(name, counter.getCount());
            } else if (metric instanceof Gauge<?> gauge && gauge.getValue() instanceof Number number) {
                values.put(name, number.longValue());
            }
        });
        return values;
    }

    @Override
    public void open(MetricConfig config) {
        // Nothing to be opened.
    }

    @Override
    public void close() {
        METRICS.clear();
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        String identifier = group.getMetricIdentifier(name);
        int ours = identifier.indexOf("." + DecantMetric.GROUP + ".");
        if (ours >= 0) {
            METRICS.put(identifier.substring(ours + DecantMetric.GROUP.length() + 2), metric);
        } else if (name.equals(CHECKPOINT_SIZE)) {
            METRICS.put(name, metric);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        METRICS.values().remove(metric);
    }

    /** Makes it. */
    public static final class Factory implements MetricReporterFactory {
        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return new OperatorMetrics();
        }
    }
}
