package dev.decant.container;

import java.io.IOException;

/**
 * What holds for the samples of fragments that say nothing else: a Track Extends Box, and the header of a fragment in its
 * place (ISO 14496-12, sections 8.8.3 and 8.8.7).
 *
 * @param description which sample entry describes them, from 1
 * @param duration in units of the track's timescale
 * @param bytes the size of each
 */
record Mp4Defaults(long description, long duration, long bytes) {
    /** Where nothing is said. */
    static final Mp4Defaults NONE = new Mp4Defaults(1, 0, 0);

    private static final int BOX_BYTES = 20;

    /** Reads the box {@code trex}; null if it is about another track. */
    static Mp4Defaults read(Mp4Cursor cursor, Mp4Box box, long track) throws IOException, MalformedBoxException {
        box.enter(cursor, BOX_BYTES);
        cursor.skip(Integer.BYTES);
        if (cursor.uint32() != track) {
            return null;
        }
        return new Mp4Defaults(cursor.uint32(), cursor.uint32(), cursor.uint32());
    }
}
