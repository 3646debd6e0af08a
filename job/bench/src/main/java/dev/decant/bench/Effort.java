package dev.decant.bench;

/** How much is put into a measurement. */
enum Effort {
    /** For a figure to be believed. */
    FULL,

    /** For a figure to be seen in passing: that it can be measured, and is not far off. */
    QUICK;

    private static final int QUICK_WARM_UP = 500_000;

    /** Full measurements have so many times as many repetitions. */
    private static final int SAVED = 5;

    Plan of(Plan full) {
        return switch (this) {
            case FULL -> full;
            case QUICK ->
                new Plan(
                        1,
                        Math.min(full.warmUp(), Math.max(QUICK_WARM_UP, full.leastWarmUp())),
                        full.leastWarmUp(),
                        repetitions(full.repetitions()),
                        full.turns(),
                        full.packets(),
                        full.checkpoint());
        };
    }

    /**
     * How many to take.
     *
     * @param full of a full measurement
     */
    int repetitions(int full) {
        return this == FULL ? full : Math.max(1, full / SAVED);
    }
}
