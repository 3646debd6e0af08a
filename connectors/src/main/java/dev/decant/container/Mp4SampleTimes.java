package dev.decant.container;

import java.io.IOException;

/** How long each sample lasts: a Decoding Time to Sample Box (ISO 14496-12, section 8.6.1.2). */
final class Mp4SampleTimes {
    private final Mp4Table table;

    /** How many of the next samples last {@link #duration}. */
    private long left;

    private long duration;
    private long time;
    private boolean exhausted;

    private Mp4SampleTimes(Mp4Table table) {
        this.table = table;
    }

    /**
     * Opens the box {@code stts}.
     *
     * @param cursor its own
     */
    static Mp4SampleTimes open(Mp4Cursor cursor, Mp4Box box, ProblemList problems)
            throws IOException, MalformedBoxException {
        return new Mp4SampleTimes(Mp4Table.of(cursor, box, 8, 8, problems));
    }

    /** When the next sample begins, in units of the track's timescale. */
    long time() {
        return time;
    }

    /** Goes on to the next sample. Answers with the duration of this one; where the table has ended it goes on as it ended. */
    long next() throws IOException {
        readOn();
        if (!exhausted) {
            left--;
        }
        time = Mp4Sample.plus(time, duration);
        return duration;
    }

    /** Passes over samples. */
    void skip(long samples) throws IOException {
        for (long more = samples; more > 0; ) {
            readOn();
            long some = exhausted ? more : Math.min(more, left);
            time = Mp4Sample.plus(time, Mp4Sample.times(some, duration));
            left -= exhausted ? 0 : some;
            more -= some;
        }
    }

    /** Whether samples were asked for of which the table says nothing. */
    boolean isExhausted() {
        return exhausted;
    }

    private void readOn() throws IOException {
        while (left == 0 && !exhausted) {
            if (table.next()) {
                left = table.uint32();
                duration = table.uint32();
            } else {
                exhausted = true;
            }
        }
    }
}
