package dev.decant.decode;

/**
 * How many steps a decoder does from one image of it in state to the next. An image costs; the steps since the last
 * one cost whenever the decoder was let go and comes back, since they are run again. With I the cost of an image, D that
 * of a step and p the share of steps that find no decoder, n steps a image cost I / n + p · D · n / 2 each: least at
 * n = √(2 · I / (p · D)).
 *
 * <p>The clock has a say here, but not in any sample: where images can be made, a decoder comes back as it was from
 * any of them.
 */
final class ImageInterval {
    /** So many steps go into one measurement of p. */
    private static final int WINDOW = 1_024;

    private final int most;
    /** Taken until one is measured: with many short streams the longest interval would never see an image. */
    private final RunningAverage imageNanos = new RunningAverage(10_000);

    private final RunningAverage decodeNanos = new RunningAverage(30_000);
    private double returnsPerStep;
    private int stepsOfWindow;
    private int returnsOfWindow;
    /** A metric reporter may read it. */
    private volatile int steps;

    /**
     * @param most the longest interval, at least 1
     */
    ImageInterval(int most) {
        this.most = most;
        steps = most;
    }

    /** 1 to the longest: that as long as nothing is let go. */
    int steps() {
        return steps;
    }

    /**
     * A step is about to be run.
     *
     * @param returns whether its stream's decoder had to be brought back for it
     */
    void recordStep(boolean returns) {
        if (returns) {
            returnsOfWindow++;
        }
        if (++stepsOfWindow == WINDOW) {
            // Half of what was known stays, so that one burst, a restore for instance, is soon forgotten.
            returnsPerStep = (returnsPerStep + (double) returnsOfWindow / WINDOW) / 2;
            stepsOfWindow = 0;
            returnsOfWindow = 0;
            steps = cheapest();
        }
    }

    void recordDecodeNanos(long nanos) {
        decodeNanos.add(nanos);
    }

    /** What an image took to be made and put into state. */
    void recordImageNanos(long nanos) {
        imageNanos.add(nanos);
    }

    private int cheapest() {
        double stepsRunAgain = returnsPerStep * decodeNanos.value();
        if (stepsRunAgain == 0) {
            return most;
        }
        return (int) Math.max(1, Math.min(most, Math.round(Math.sqrt(2 * imageNanos.value() / stepsRunAgain))));
    }

    /** The average of the last some values, the latest counting most. */
    private static final class RunningAverage {
        private static final double WEIGHT = 1.0 / 16;
        /** What is longer had a pause of the garbage collector in it, thousands of times what is measured. */
        private static final double LONGEST = 4;

        private double value;

        RunningAverage(double guess) {
            value = guess;
        }

        double value() {
            return value;
        }

        void add(long next) {
            value += (Math.min(next, LONGEST * value) - value) * WEIGHT;
        }
    }
}
