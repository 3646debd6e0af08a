package dev.decant.container;

import dev.decant.monitoring.DecantMetric;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** A metric group that can be asked; groups in it are the same. */
final class KeptMetrics extends UnregisteredMetricsGroup {
    private final Map<String, Gauge<?>> gauges = new HashMap<>();
    private final Map<String, Counter> counters = new HashMap<>();

    long gauge(DecantMetric metric) {
        return ((Number) gauges.get(metric.name()).getValue()).longValue();
    }

    long count(DecantMetric metric) {
        return counters.get(metric.name()).getCount();
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
        gauges.put(name, gauge);
        return gauge;
    }

    @Override
    public Counter counter(String name) {
        return counters.computeIfAbsent(name, ignored -> super.counter(name));
    }

    @Override
    public MetricGroup addGroup(String name) {
        return this;
    }
}
