package dev.decant.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One row of the table.
 *
 * @param name what it is asked for by
 * @param description what is measured, in a line
 * @param mostRatio the target: ours may take at most so many times what the reference takes; empty: it is only reported
 * @param besideC whether the reference is a program in C that does the same, so that what ours takes more is of interest
 * @param mostOverhead another target: ours may take at most so much more than the program in C, in the row's unit; or empty
 * @param measurement takes it; minutes are fine
 */
record Row(
        String name,
        String description,
        OptionalDouble mostRatio,
        boolean besideC,
        OptionalDouble mostOverhead,
        Measurement measurement) {

    /** A row with a target. */
    static Row judged(String name, String description, double mostRatio, Measurement measurement) {
        return new Row(name, description, OptionalDouble.of(mostRatio), false, OptionalDouble.empty(), measurement);
    }

    /** A row without a target. */
    static Row reported(String name, String description, Measurement measurement) {
        return new Row(name, description, OptionalDouble.empty(), false, OptionalDouble.empty(), measurement);
    }

    /** This row, whose reference is a program in C. */
    Row againstC() {
        return new Row(name, description, mostRatio, true, OptionalDouble.empty(), measurement);
    }

    /** This row, whose reference is a program in C, with a target for what ours takes more. */
    Row againstC(double most) {
        return new Row(name, description, mostRatio, true, OptionalDouble.of(most), measurement);
    }

    /** What a value is called in the name of a row. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Measures ours and the reference by turns. */
    interface Measurement {
        /**
         * @param effort how long to take
         * @throws BenchException if something is missing or fails
         * @throws IOException if a file or a process fails; {@link Bench} says which row it was
         * @throws InterruptedException if the thread is told to end
         * @throws NotMeasuredException if what is measured is something that a machine may lack, and this one does
         */
        Repetitions measure(Effort effort) throws IOException, InterruptedException, NotMeasuredException;
    }
}
