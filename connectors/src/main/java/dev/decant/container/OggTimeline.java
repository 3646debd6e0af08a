package dev.decant.container;

import dev.decant.audio.MediaClock;

/**
 * The clock of one link: places the packets of each page by its granule position (RFC 7845, section 4), in 48 kHz ticks.
 * The lengths of the packets carry time from page to page; a granule position moves it on only where packets are
 * missing, and cuts it off where the last page ends.
 */
final class OggTimeline {
    /** The granule position of a page on which no packet ends. */
    static final long NONE = -1;

    /** Beyond it nothing is a position: 3 million years, and no sum overflows. */
    static final long MAX_GRANULE_POSITION = 1L << 62;

    private boolean started;

    /** When the packet after those placed so far begins. */
    private long next;

    /** Timestamp less granule position: not 0 where the granule positions contradict the lengths of the packets. */
    private long offset;

    private long start;
    private long end;
    private long gap;
    private long contradiction;

    /**
     * Places the packets that end on a page.
     *
     * @param granulePosition of the page, or {@link #NONE}
     * @param ticks the packets together; 0 places nothing
     * @param endsStream whether it is the last page, which may end before its packets do (section 4.4)
     */
    void place(long granulePosition, long ticks, boolean endsStream) {
        gap = 0;
        contradiction = 0;
        start = next;
        next += ticks;
        end = next;
        if (ticks == 0) {
            return;
        }
        if (granulePosition == NONE) {
            started = true;
            return;
        }
        // How much later the packets begin than the packets before them ended, going by the granule position.
        long shift = granulePosition - ticks + offset - start;
        boolean first = !started;
        started = true;
        if (shift < 0 && endsStream) {
            long cut = Math.min(-shift, ticks);
            contradiction = -shift - cut;
            end = next - cut;
        } else if (first && shift > 0) {
            // Section 4.5: the recording was cut out of a longer one.
            moveOn(shift);
        } else if (shift >= MediaClock.STEP_TICKS) {
            gap = shift;
            moveOn(shift);
        } else {
            // Less than the shortest frame is somebody's rounding, backwards is an error: time is what the packets say.
            offset -= shift;
            contradiction = shift <= -MediaClock.STEP_TICKS || first ? -shift : 0;
        }
    }

    /** When the first of the packets placed last begins. */
    long start() {
        return start;
    }

    /** When the last of them ends; what lasts longer is to be trimmed. */
    long end() {
        return end;
    }

    /** The time missing before them. */
    long gap() {
        return gap;
    }

    /** Places the packets placed last where the ones before them end, as if there were no gap. */
    void closeGap() {
        offset -= gap;
        moveOn(-gap);
    }

    /** How many ticks the granule position is too small for the packets up to it; it was not followed. */
    long contradiction() {
        return contradiction;
    }

    private void moveOn(long ticks) {
        start += ticks;
        next += ticks;
        end += ticks;
    }
}
