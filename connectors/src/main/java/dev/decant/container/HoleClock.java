package dev.decant.container;

import dev.decant.audio.MediaClock;
import dev.decant.container.ReadingSettings.Holes;

/**
 * Decides of each hole of a recording, that is time for which it has no packets, how much of it stays in the timeline, and
 * notes the hole as a problem.
 */
final class HoleClock {
    private final Holes holes;
    private final ProblemList problems;
    private long leftTicks;

    /**
     * @param usual what becomes of holes unless {@code settings} say it
     */
    HoleClock(ReadingSettings settings, Holes usual, ProblemList problems) {
        this.holes = settings.holes() == null ? usual : settings.holes();
        this.leftTicks = settings.maxHoles().toMillis() * MediaClock.TICKS_PER_MILLI;
        this.problems = problems;
    }

    /**
     * Notes a hole.
     *
     * @param offset where it was found out, in bytes
     * @param ticks how long it is, 48 kHz ticks, at least 1
     * @param lost whether packets are known to be missing; if not, nobody may have spoken
     * @return how much of it stays in the timeline: all, or nothing
     */
    long keep(long offset, long ticks, boolean lost) {
        double seconds = MediaClock.seconds(ticks);
        String what = lost ? "%.3f s are missing" : "%.3f s pass without a packet";
        boolean tooLong = holes == Holes.FILL && ticks > leftTicks;
        String then = tooLong ? "; too long to be filled" : holes == Holes.SKIP ? "; skipped" : "";
        if (lost) {
            problems.damage(offset, what + then, seconds);
        } else {
            problems.irregularity(offset, what + then, seconds);
        }
        if (holes == Holes.SKIP || tooLong) {
            return 0;
        }
        leftTicks -= ticks;
        return ticks;
    }
}
