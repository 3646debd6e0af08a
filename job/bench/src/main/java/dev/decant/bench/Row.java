package dev.decant.bench;

/**
 * One row of the table.
 *
 * @param name what it is asked for by
 * @param description what is measured, in a line
 * @param mostRatio the target: ours may take at most so many times what the reference takes
 * @param measurement takes it; minutes are fine
 */
record Row(String name, String description, double mostRatio, Measurement measurement) {

    /** Measures ours and the reference by turns. */
    interface Measurement {
        /**
         * @throws BenchException if something is missing or fails
         */
        Repetitions measure();
    }
}
