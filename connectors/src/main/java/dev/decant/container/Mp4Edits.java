package dev.decant.container;

import java.io.IOException;

/**
 * Which part of its track is to be heard, by the Edit List Box (ISO 14496-12, section 8.6.6). Of several parts only the
 * first one is.
 *
 * @param offset of the box in bytes; of its track if there is none
 * @param empty how long nothing is to be heard before, in units of the movie's timescale
 * @param start where in the track the part begins, in units of the track's timescale; {@link #NONE}: there is no part
 * @param length of the part, in units of the movie's timescale; 0: to the end
 */
record Mp4Edits(long offset, long empty, long start, long length) {
    static final long NONE = -1;

    /** The whole track. */
    static Mp4Edits none(long offset) {
        return new Mp4Edits(offset, 0, NONE, 0);
    }

    /** Reads the box {@code elst}. */
    static Mp4Edits read(Mp4Cursor cursor, Mp4Box box, ProblemList problems) throws IOException, MalformedBoxException {
        box.enter(cursor, Integer.BYTES);
        boolean large = cursor.uint8() == 1;
        Mp4Table rows = Mp4Table.of(cursor, box, 8, large ? 20 : 12, problems);
        long empty = 0;
        long start = NONE;
        long length = 0;
        while (start == NONE && rows.next()) {
            length = large ? notNegative(rows.int64()) : rows.uint32();
            start = large ? rows.int64() : rows.int32();
            int rate = rows.int32() >> Short.SIZE;
            if (start < 0) {
                empty = Mp4Sample.plus(empty, length);
                length = 0;
                start = NONE;
            } else if (rate != 1) {
                problems.irregularity(box.offset(), "the edit list wants another speed (%d): it is not changed", rate);
            }
        }
        if (rows.left() > 0) {
            problems.irregularity(
                    box.offset(), "the edit list goes on (%d more): only its first part is followed", rows.left());
        }
        return new Mp4Edits(box.offset(), empty, start, length);
    }

    /** Whether it says where the part begins. */
    boolean hasStart() {
        return start != NONE;
    }

    /** A length of all ones is unknown, one beyond all numbers means the same: to the end. */
    private static long notNegative(long length) {
        return length < 0 ? 0 : length;
    }
}
