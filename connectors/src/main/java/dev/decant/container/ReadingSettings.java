package dev.decant.container;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * How recordings are read.
 *
 * @param holes what becomes of time for which a recording has no packets; null: what is usual for its container, that is
 *     {@link Holes#FILL} for Ogg and {@link Holes#SKIP} for the others
 * @param maxHoles how much time of holes is filled at most, all of a recording together; what is longer is skipped, so that
 *     a wild timestamp makes no day of silence
 * @param track the number of the track in its container (Matroska's TrackNumber, MP4's track ID); {@link #FIRST_TRACK}: the
 *     first one with Opus. Ogg has no tracks
 */
public record ReadingSettings(Holes holes, Duration maxHoles, int track) implements Serializable {
    /** The first track with Opus, whatever its number. */
    public static final int FIRST_TRACK = 0;

    /** As {@code decant} reads unless told otherwise. */
    public static final ReadingSettings DEFAULT = new ReadingSettings(null, Duration.ofHours(1), FIRST_TRACK);

    /** What becomes of time for which a recording has no packets. */
    public enum Holes {
        /** It stays in the timeline: lost packets are made up for, or filled. */
        FILL,
        /** The packet after it follows the one before it at once. */
        SKIP
    }

    public ReadingSettings {
        Objects.requireNonNull(maxHoles, "maxHoles");
        if (maxHoles.isNegative()) {
            throw new IllegalArgumentException("holes of at most " + maxHoles + ": take 0 or more");
        }
        if (track < 0) {
            throw new IllegalArgumentException("track " + track + ": take its number, from 1");
        }
    }
}
