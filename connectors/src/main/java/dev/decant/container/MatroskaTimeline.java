package dev.decant.container;

import dev.decant.audio.MediaClock;

/**
 * The clock of one track, 48 kHz ticks. The lengths of the packets carry time on; the times of the Blocks, which are rounded to
 * the TimestampScale and in live recordings those of their arrival, only tell where packets are missing.
 */
final class MatroskaTimeline {
    private boolean started;

    /** When the packet after those passed so far begins, on the clock of the packets. */
    private long next;

    /** When it begins by the times of the Blocks. */
    private long due;

    private long lastBlock;
    private boolean wentBack;

    /**
     * Compares the time of the next Block with the packets before it. Where a recording begins, or goes back, says nothing:
     * there time is what the Block says.
     *
     * @param block its time
     * @param precision what its time may be off
     * @return how long nothing came before it; 0: it is in time, or earlier
     */
    long gapBefore(long block, long precision) {
        wentBack = started && block < lastBlock;
        if (!started || wentBack) {
            due = block;
        }
        started = true;
        lastBlock = block;
        long late = block - due;
        if (late < Math.max(MediaClock.STEP_TICKS, precision)) {
            return 0;
        }
        due = block;
        return late;
    }

    /** Whether the Block compared last begins before the one before it. */
    boolean wentBack() {
        return wentBack;
    }

    /** Lets time pass without a packet. */
    void fill(long ticks) {
        next += ticks;
    }

    /**
     * Lets a packet pass.
     *
     * @param trimmed what is dropped of it: the Blocks do not count that
     * @return when it begins
     */
    long pass(long duration, long trimmed) {
        long start = next;
        next += duration;
        due += duration - trimmed;
        return start;
    }

    /** When the last packet ends. */
    long end() {
        return next;
    }
}
