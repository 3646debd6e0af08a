package dev.decant.container;

/**
 * A piece of a walk.
 *
 * @param batch what is to be read of it; null if there is nothing
 * @param end the place behind it
 * @param isLast whether the walk is over there
 */
record Stretch(RecordingBatch batch, WalkPlace end, boolean isLast) {}
