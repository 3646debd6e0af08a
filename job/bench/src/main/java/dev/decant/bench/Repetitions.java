package dev.decant.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Repetitions of a measurement, each a pair: ours, and right after it the reference. What disturbs a machine for longer
 * than a repetition disturbs both of a pair and leaves their ratio; what is shorter makes outliers, which a median
 * ignores.
 *
 * @param unit of both, such as "µs CPU a packet"
 * @param pairs in the order they were measured
 * @param notes what was seen besides, a line each
 */
record Repetitions(String unit, List<Pair> pairs, List<String> notes) {

    /** One repetition. */
    record Pair(double ours, double reference) {
        double ratio() {
            return ours / reference;
        }

        double difference() {
            return ours - reference;
        }
    }

    Repetitions {
        pairs = List.copyOf(pairs);
        notes = List.copyOf(notes);
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("No repetition was measured");
        }
    }

    double ours() {
        return quantile(pairs.stream().mapToDouble(Pair::ours), 0.5);
    }

    double reference() {
        return quantile(pairs.stream().mapToDouble(Pair::reference), 0.5);
    }

    /** The median of the pairs' ratios, which is not quite the ratio of the medians. */
    double ratio() {
        return ratioQuantile(0.5);
    }

    /**
     * @param share 0 for the least ratio, 1 for the greatest
     */
    double ratioQuantile(double share) {
        return quantile(pairs.stream().mapToDouble(Pair::ratio), share);
    }

    /**
     * Of what ours takes more than the reference, in the unit.
     *
     * @param share 0 for the least difference, 1 for the greatest
     */
    double differenceQuantile(double share) {
        return quantile(pairs.stream().mapToDouble(Pair::difference), share);
    }

    /** The median of what ours takes more than the reference, in the unit. */
    double difference() {
        return differenceQuantile(0.5);
    }

    /**
     * By linear interpolation between the two values that are nearest.
     *
     * @param share 0 for the least value, 1 for the greatest
     */
    static double quantile(DoubleStream values, double share) {
        double[] sorted = values.toArray();
        Arrays.sort(sorted);
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** Collects pairs and notes. */
    static final class Builder {
        private final String unit;
        private final List<Pair> pairs = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        Builder(String unit) {
            this.unit = unit;
        }

        void add(double ours, double reference) {
            pairs.add(new Pair(ours, reference));
        }

        /** A line below the row. */
        void note(String note) {
            notes.add(note);
        }

        Repetitions build() {
            return new Repetitions(unit, pairs, notes);
        }
    }
}
