package dev.decant.opus;

import java.util.List;

/**
 * What decoders are told, one after the other.
 *
 * @param all everything there is
 * @param some packets of each mode, bandwidth and channel count, and losses
 */
record TrialSteps(List<TrialStep> all, List<TrialStep> some) {}
