package dev.decant.decode;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.CharacterFilter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.OperatorIOMetricGroup;
import org.apache.flink.metrics.groups.OperatorMetricGroup;

/** Keeps what is registered, under its dotted name. */
final class RecordedMetrics implements OperatorMetricGroup {
    private final String prefix;
    private final Map<String, Metric> metrics;

    RecordedMetrics() {
        this("", new TreeMap<>());
    }

    private RecordedMetrics(String prefix, Map<String, Metric> metrics) {
        this.prefix = prefix;
        this.metrics = metrics;
    }

    /** The value of a counter or a gauge. */
    long value(String name) {
        Metric metric = metrics.get(name);
        if (metric instanceof Counter counter) {
            return counter.getCount();
        }
        if (metric instanceof Gauge<?> gauge) {
            return ((Number) gauge.getValue()).longValue();
        }
        throw new IllegalArgumentException(name + " is no counter or gauge; there are " + metrics.keySet());
    }

    Histogram histogram(String name) {
        return (Histogram) metrics.get(name);
    }

    private <M extends Metric> M register(String name, M metric) {
        if (metrics.put(prefix + name, metric) != null) {
            throw new IllegalStateException(prefix + name + " is registered twice");
        }
        return metric;
    }

    @Override
    public Counter counter(String name) {
        return register(name, new SimpleCounter());
    }

    @Override
    public <C extends Counter> C counter(String name, C counter) {
        return register(name, counter);
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
        return register(name, gauge);
    }

    @Override
    public <H extends Histogram> H histogram(String name, H histogram) {
        return register(name, histogram);
    }

    @Override
    public <M extends Meter> M meter(String name, M meter) {
        return register(name, meter);
    }

    @Override
    public MetricGroup addGroup(String name) {
        return new RecordedMetrics(prefix + name + ".", metrics);
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
        return new RecordedMetrics(prefix + key + "." + value + ".", metrics);
    }

    @Override
    public OperatorIOMetricGroup getIOMetricGroup() {
        throw new UnsupportedOperationException("only what Decant registers is recorded");
    }

    @Override
    public String[] getScopeComponents() {
        return new String[0];
    }

    @Override
    public Map<String, String> getAllVariables() {
        return Map.of();
    }

    @Override
    public String getMetricIdentifier(String name) {
        return prefix + name;
    }

    @Override
    public String getMetricIdentifier(String name, CharacterFilter filter) {
        return prefix + filter.filterCharacters(name);
    }
}
