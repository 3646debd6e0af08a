package dev.decant.decode;

import dev.decant.audio.MediaClock;
import java.io.Serializable;
import java.time.Duration;

/**
 * How the packets of all streams of a job are put in order, and what is done about those that do not come.
 *
 * @param streamTimeout after so long without a packet, by the record times of its packets, a stream is over
 * @param reorderPackets how many packets may wait for one before them; 0: none does
 * @param reorderTime for how much media time they may
 * @param maxWait how long a missing packet is waited for, by the clock; null: as long as the next packets take. With it, what is decoded depends on
 *     the time of day, so that a replay may decide otherwise
 * @param maxConcealment how much of a loss is concealed; the rest is filled
 */
public record SequencerSettings(
        Duration streamTimeout, int reorderPackets, Duration reorderTime, Duration maxWait, Duration maxConcealment)
        implements Serializable {

    /** More than three minutes at 20 ms: nobody's network delays a packet for so long. */
    private static final int MAX_REORDER_PACKETS = 10_000;

    private static final Duration MAX_REORDER_TIME = Duration.ofMinutes(10);

    /** A hundred years: whoever means "never" need not know how far a clock can count. */
    public static final Duration LONGEST_TIMEOUT = Duration.ofDays(36_500);

    public SequencerSettings {
        requireBetween(
                "packets.stream-timeout", streamTimeout, Duration.ofMillis(1), LONGEST_TIMEOUT, "1 ms to 36500 d");
        if (reorderPackets < 0 || reorderPackets > MAX_REORDER_PACKETS) {
            throw new IllegalArgumentException(
                    "packets.reorder-window is " + reorderPackets + ": take 0 to " + MAX_REORDER_PACKETS);
        }
        requireBetween("packets.reorder-time", reorderTime, Duration.ZERO, MAX_REORDER_TIME, "0 s to 10 min");
        if (maxWait != null) {
            requireBetween("packets.max-wait", maxWait, Duration.ofMillis(1), LONGEST_TIMEOUT, "1 ms to 36500 d");
        }
        requireBetween("loss.max-concealment", maxConcealment, Duration.ZERO, Duration.ofMinutes(1), "0 s to 1 min");
    }

    /** What is done where nobody says otherwise. */
    public static SequencerSettings usual() {
        return new SequencerSettings(Duration.ofHours(1), 16, Duration.ofMillis(500), null, Duration.ofMillis(120));
    }

    /** Whether a stream can be over for having been silent; with the longest timeout none ever is. */
    boolean timesOut() {
        return streamTimeout.compareTo(LONGEST_TIMEOUT) < 0;
    }

    /** {@link #reorderTime} in 48 kHz ticks. */
    long reorderTicks() {
        return ticks(reorderTime);
    }

    /** {@link #maxConcealment} in 48 kHz ticks. */
    long maxConcealmentTicks() {
        return ticks(maxConcealment);
    }

    private static long ticks(Duration duration) {
        return duration.toMillis() * MediaClock.TICKS_PER_MILLI;
    }

    private static void requireBetween(String option, Duration value, Duration min, Duration max, String range) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(option + " is " + value + ": take " + range);
        }
    }
}
