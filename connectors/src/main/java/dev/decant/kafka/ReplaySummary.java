package dev.decant.kafka;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a replay did.
 *
 * @param counts by the reason of the letters, as {@link DeadLetterHeaders#REASON} names it; records that are no dead
 *     letters under {@link #NO_DEAD_LETTER}
 */
public record ReplaySummary(SortedMap<String, Counts> counts) {
    /** What stands for a reason where there is none. */
    public static final String NO_DEAD_LETTER = "(no dead letter)";

    /**
     * What became of the letters of a reason.
     *
     * @param replayed put back
     * @param passedOver of a reason that was not asked for
     * @param unreplayable could not be put back
     */
    public record Counts(long replayed, long passedOver, long unreplayable) {
        private static final Counts REPLAYED = new Counts(1, 0, 0);
        private static final Counts PASSED_OVER = new Counts(0, 1, 0);
        private static final Counts UNREPLAYABLE = new Counts(0, 0, 1);

        private Counts plus(Counts more) {
            return new Counts(replayed + more.replayed, passedOver + more.passedOver, unreplayable + more.unreplayable);
        }
    }

    ReplaySummary() {
        this(new TreeMap<>());
    }

    /** Of all reasons together. */
    public Counts total() {
        return counts.values().stream().reduce(new Counts(0, 0, 0), Counts::plus);
    }

    void countReplayed(String reason) {
        counts.merge(reason, Counts.REPLAYED, Counts::plus);
    }

    void countPassedOver(String reason) {
        counts.merge(reason, Counts.PASSED_OVER, Counts::plus);
    }

    void countUnreplayable(String reason) {
        counts.merge(reason, Counts.UNREPLAYABLE, Counts::plus);
    }
}
