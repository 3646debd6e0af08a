package dev.decant.container;

import java.io.IOException;

/**
 * What the Movie Box says of the one track that is read (ISO 14496-12, section 8.2).
 *
 * @param track the one; always Opus
 * @param timescale of the movie, units a second; 0: not known
 * @param fragmented whether fragments are to be expected
 * @param defaults what holds for the samples in them
 */
record Mp4Movie(Mp4Track track, long timescale, boolean fragmented, Mp4Defaults defaults) {

    /**
     * Reads the box {@code moov}.
     *
     * @param wanted the number of the track, or {@link ReadingSettings#FIRST_TRACK}
     * @param problems of that track; those of others are nobody's
     * @throws MalformedBoxException if it is broken, or there is no such track that could be read
     */
    static Mp4Movie read(Mp4Cursor cursor, Mp4Box movie, int wanted, ProblemList problems)
            throws IOException, MalformedBoxException {
        long timescale = 0;
        Mp4Box extended = null;
        Mp4Boxes boxes = new Mp4Boxes(cursor, movie);
        for (Mp4Box box = boxes.next(); box != null; box = boxes.next()) {
            if (box.is("mvhd")) {
                box.enterBehindTimes(cursor, Integer.BYTES);
                timescale = cursor.uint32();
            } else if (box.is("mvex")) {
                extended = box;
            }
        }
        Mp4Track track = Mp4TrackReader.read(cursor, Mp4TrackChoice.of(cursor, movie, wanted), problems);
        Mp4Defaults defaults = extended == null ? Mp4Defaults.NONE : defaults(cursor, extended, track.id());
        return new Mp4Movie(track, timescale, extended != null, defaults);
    }

    private static Mp4Defaults defaults(Mp4Cursor cursor, Mp4Box extended, long track)
            throws IOException, MalformedBoxException {
        Mp4Boxes boxes = new Mp4Boxes(cursor, extended);
        for (Mp4Box box = boxes.next(); box != null; box = boxes.next()) {
            Mp4Defaults defaults = box.is("trex") ? Mp4Defaults.read(cursor, box, track) : null;
            if (defaults != null) {
                return defaults;
            }
        }
        return Mp4Defaults.NONE;
    }
}
