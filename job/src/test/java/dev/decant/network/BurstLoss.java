package dev.decant.network;

import java.util.SplittableRandom;

/**
 * Loss in bursts, after Gilbert and Elliott: a good state in which every packet arrives, a bad one in which none does,
 * and a chance to change from each to the other.
 */
final class BurstLoss {
    private final SplittableRandom random;
    private final double toBad;
    private final double toGood;
    private boolean bad;

    /**
     * @param rate share of packets lost in the long run, 0 to 0.5
     * @param meanBurst packets lost in a row, on the average; at least 1
     */
    BurstLoss(SplittableRandom random, double rate, double meanBurst) {
        if (!(rate >= 0 && rate <= 0.5 && meanBurst >= 1)) {
            throw new IllegalArgumentException(
                    "a loss of " + rate + " in bursts of " + meanBurst + ": take 0 to 0.5, and bursts of 1 or more");
        }
        this.random = random;
        toGood = 1 / meanBurst;
        toBad = toGood * rate / (1 - rate);
    }

    /** Whether the next packet is lost. */
    boolean losesNext() {
        bad = random.nextDouble() < (bad ? 1 - toGood : toBad);
        return bad;
    }
}
