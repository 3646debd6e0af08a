package dev.decant.container;

import dev.decant.audio.MediaClock;

/**
 * The clock of an MP4 recording, 48 kHz ticks from its first packet on. The lengths of the packets carry time from one to the
 * next; what the tables say moves it on only where packets are missing, and cuts it off where an edit or the last sample
 * ends.
 */
final class Mp4Timeline {
    /** The end of what never ends. */
    static final long ENDLESS = Mp4Sample.MOST;

    private final Mp4Movie movie;

    /** How much a number that is right may be wrong for having been rounded to the timescale of the track, at least 1 tick. */
    private final long rounding;

    /** When the edit begins and ends in the track, ticks. */
    private final long editStart;

    private final long editEnd;

    /** When the packet after those placed so far begins. */
    private long next;

    /** What is to be added to a time of the track to have it on this clock. */
    private long offset;

    private boolean early;

    Mp4Timeline(Mp4Movie movie) {
        this.movie = movie;
        this.rounding = unit(movie.track().timescale());
        Mp4Edits edits = movie.track().edits();
        this.editStart = edits.hasStart() ? ticks(edits.start()) : 0;
        this.editEnd = editEnd(edits);
    }

    /** A time or duration of the track in ticks, rounded. */
    long ticks(long units) {
        return ticks(units, movie.track().timescale());
    }

    /** Where in the track the part that is to be heard begins, ticks. */
    long editStart() {
        return editStart;
    }

    /**
     * How much later than the recording its first packet is to be heard: because of an empty edit, or because the track begins
     * with nothing. 0 if that is no more than rounding.
     */
    long startGap(Mp4Sample first) {
        long empty = ticks(movie.track().edits().empty(), movie.timescale());
        long gap = empty + Math.max(0, ticks(first.time()) - editStart);
        return gap >= MediaClock.STEP_TICKS + rounding ? gap : 0;
    }

    /**
     * Starts the clock.
     *
     * @param ticks what it shows when the first packet begins
     */
    void start(Mp4Sample first, long ticks) {
        next = ticks;
        offset = ticks - ticks(first.time());
    }

    /** Goes to the next packet. Answers with how many ticks are missing before it, by the time that the tables give it. */
    long gapBefore(Mp4Sample sample) {
        long shift = shift(sample);
        if (Math.abs(shift) <= rounding) {
            // Somebody's rounding, which must not add up.
            offset -= shift;
        }
        return shift >= MediaClock.STEP_TICKS + rounding ? shift : 0;
    }

    /**
     * Whether the packet begins too early for those before it to have ended, and the one before it did not: time is what the
     * packets say, so that this changes nothing.
     */
    boolean beginsTooEarly(Mp4Sample sample) {
        boolean before = early;
        early = shift(sample) <= -MediaClock.STEP_TICKS - rounding;
        return early && !before;
    }

    /** Has the next packet begin where the tables say: the gap before it stays. */
    void keepGap(Mp4Sample sample) {
        next += shift(sample);
    }

    /** Has the next packet follow at once. */
    void closeGap(Mp4Sample sample) {
        offset -= shift(sample);
    }

    /** When the next packet begins. */
    long next() {
        return next;
    }

    /**
     * Places the next packet.
     *
     * @param ticks what it lasts
     * @param last whether none follows; then a shorter duration in the tables is an end (Opus in ISO BMFF, section 4.3.4)
     * @return how much of its end is not to be heard, 0 to {@code ticks}
     */
    long place(Mp4Sample sample, long ticks, boolean last) {
        long start = next;
        next += ticks;
        long end = editEnd == ENDLESS ? next : start + editEnd - ticks(sample.time());
        long stated = ticks(sample.duration());
        // Some writers do not know how long the last one lasts, and say 0.
        if (last && stated > 0 && ticks - stated >= rounding) {
            end = Math.min(end, start + stated);
        }
        return Math.max(0, Math.min(ticks, next - end));
    }

    /** How much later the packet begins by the tables than those before it end. */
    private long shift(Mp4Sample sample) {
        return ticks(sample.time()) + offset - next;
    }

    /**
     * The end of the edit, if it is not the end of the track: that one is known better, since an edit's length is rounded to the
     * timescale of the movie, which is often 1 ms.
     */
    private long editEnd(Mp4Edits edits) {
        if (edits.length() == 0 || movie.timescale() == 0) {
            return ENDLESS;
        }
        long end = editStart + ticks(edits.length(), movie.timescale());
        long trackEnd = ticks(movie.track().duration());
        return Math.abs(end - trackEnd) <= unit(movie.timescale()) ? ENDLESS : end;
    }

    /** One unit of a timescale, in ticks, rounded up. */
    private static long unit(long timescale) {
        return (MediaClock.HZ + timescale - 1) / timescale;
    }

    private static long ticks(long units, long timescale) {
        if (timescale == 0) {
            return 0;
        }
        long seconds = units / timescale;
        if (seconds > ENDLESS / MediaClock.HZ / 2) {
            return ENDLESS / 2;
        }
        long rest = units % timescale * MediaClock.HZ;
        return seconds * MediaClock.HZ + (rest + timescale / 2) / timescale;
    }
}
