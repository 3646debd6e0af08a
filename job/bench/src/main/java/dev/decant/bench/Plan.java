package dev.decant.bench;

/**
 * How often and how long ours and the reference take turns.
 *
 * @param forks how often both processes are started anew
 * @param warmUp packets before the first repetition
 * @param repetitions of a fork; each gives one pair
 * @param turns of each in a repetition
 * @param packets of a turn
 * @param checkpoint whether one is taken in each repetition
 */
record Plan(int forks, int warmUp, int repetitions, int turns, int packets, boolean checkpoint) {}
