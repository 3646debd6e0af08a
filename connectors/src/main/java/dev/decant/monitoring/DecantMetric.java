package dev.decant.monitoring;

import java.util.Arrays;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;

/**
 * A metric of Decant: the one place of its name, its unit and its meaning. All of them stand in the group {@value #GROUP} of
 * their operator. Counters count from 0 since their task started.
 *
 * @param name as Flink names it within its group
 * @param type how its values go on
 * @param unit of its values: what is counted, or what is measured
 * @param label what tells the values of one metric apart, or null: then there is one
 * @param labelValues every value that the label has, in order; empty without a label
 * @param meaning in a sentence, without a full stop
 */
public record DecantMetric(
        String name, Type type, String unit, String label, List<String> labelValues, String meaning) {
    public static final String GROUP = "decant";

    /** How the values of a metric go on. */
    public enum Type {
        /** Goes up only. */
        COUNTER,
        /** Is what it is now. */
        GAUGE,
        /** The distribution of the last 1,024 values. */
        HISTOGRAM
    }

    public static DecantMetric counter(String name, String unit, String meaning) {
        return new DecantMetric(name, Type.COUNTER, unit, null, List.of(), meaning);
    }

    /** A counter for each of {@code values}, by whose name the label tells them apart. */
    public static <E extends Enum<E>> DecantMetric counterBy(
            String label, Class<E> values, String name, String unit, String meaning) {
        List<String> names =
                Arrays.stream(values.getEnumConstants()).map(Enum::name).toList();
        return new DecantMetric(name, Type.COUNTER, unit, label, names, meaning);
    }

    public static DecantMetric gauge(String name, String unit, String meaning) {
        return new DecantMetric(name, Type.GAUGE, unit, null, List.of(), meaning);
    }

    public static DecantMetric histogram(String name, String unit, String meaning) {
        return new DecantMetric(name, Type.HISTOGRAM, unit, null, List.of(), meaning);
    }

    /** Registers a counter without a label. */
    public Counter registerCounter(MetricGroup operator) {
        require(Type.COUNTER, false);
        return operator.addGroup(GROUP).counter(name);
    }

    /** Registers a counter without a label that is there already. */
    public void registerCounter(MetricGroup operator, Counter counter) {
        require(Type.COUNTER, false);
        operator.addGroup(GROUP).counter(name, counter);
    }

    /**
     * Registers a counter with a label.
     *
     * @return a counter for each value of the label, in their order: by the ordinals of the enum that it is made from
     */
    public Counter[] registerCounters(MetricGroup operator) {
        require(Type.COUNTER, true);
        MetricGroup group = operator.addGroup(GROUP);
        return labelValues.stream()
                .map(value -> group.addGroup(label, value).counter(name))
                .toArray(Counter[]::new);
    }

    /** Registers a gauge; {@code value} is called by threads of metric reporters. */
    public <T extends Number> void registerGauge(MetricGroup operator, Gauge<T> value) {
        require(Type.GAUGE, false);
        operator.addGroup(GROUP).gauge(name, value);
    }

    public <H extends Histogram> H registerHistogram(MetricGroup operator, H histogram) {
        require(Type.HISTOGRAM, false);
        return operator.addGroup(GROUP).histogram(name, histogram);
    }

    /** Its dotted name within an operator, with {@code labelValue} if it has a label. */
    public String path(Enum<?> labelValue) {
        return GROUP + "." + label + "." + labelValue.name() + "." + name;
    }

    /** Its dotted name within an operator, without a label. */
    public String path() {
        return GROUP + "." + name;
    }

    private void require(Type expected, boolean labelled) {
        if (type != expected || labelled != (label != null)) {
            throw new IllegalStateException(name + " is a " + type + (label == null ? "" : " by " + label));
        }
    }
}
