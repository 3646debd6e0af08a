package dev.decant.bench;

/**
 * How often and how long ours and the reference take turns.
 *
 * @param forks how often both processes are started anew
 * @param warmUp packets before the first repetition
 * @param leastWarmUp those of them that no effort saves, as without them something else would be measured
 * @param repetitions of a fork; each gives one pair
 * @param turns of each in a repetition
 * @param packets of a turn
 * @param checkpoint whether one is taken in each repetition
 */
record Plan(int forks, int warmUp, int leastWarmUp, int repetitions, int turns, int packets, boolean checkpoint) {

    /** A plan whose warm-up is for the compiler alone, so that all of it may be saved. */
    Plan(int forks, int warmUp, int repetitions, int turns, int packets, boolean checkpoint) {
        this(forks, warmUp, 0, repetitions, turns, packets, checkpoint);
    }

    /** The warm-up goes on until so many streams were ended once: their ends are no part of what is measured. */
    Plan withEndsInWarmUp(int streams) {
        return new Plan(forks, warmUp, PacketRounds.ROUNDS_OF_ENDS * streams, repetitions, turns, packets, checkpoint);
    }
}
