package dev.decant.container;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Reads a Track Box (ISO 14496-12, section 8.3), as far as it matters to what is heard. */
final class Mp4TrackReader {
    private static final Set<String> TABLES = Set.of("stsz", "stz2", "stco", "co64", "stsc", "stts");

    private final Mp4Cursor cursor;
    private final ProblemList problems;
    private final Mp4Box track;
    private long id;
    private Mp4Edits edits;
    private long timescale;
    private long duration;
    private Mp4Box table;
    private Mp4SampleEntries entries;
    private final Map<String, Mp4Box> tables = new HashMap<>();

    private Mp4TrackReader(Mp4Cursor cursor, Mp4Box track, ProblemList problems) {
        this.cursor = cursor;
        this.track = track;
        this.problems = problems;
        this.edits = Mp4Edits.none(track.offset());
    }

    /** Reads the box {@code trak}. */
    static Mp4Track read(Mp4Cursor cursor, Mp4Box track, ProblemList problems)
            throws IOException, MalformedBoxException {
        return new Mp4TrackReader(cursor, track, problems).read();
    }

    private Mp4Track read() throws IOException, MalformedBoxException {
        readIn(track);
        if (id == 0) {
            throw new MalformedBoxException(track.offset(), "the track has no box tkhd, and no number");
        }
        if (entries == null) {
            throw new MalformedBoxException(track.offset(), "the track %d has no box stsd", id);
        }
        if (timescale == 0 && entries.head() != null) {
            throw new MalformedBoxException(track.offset(), "the track %d has no timescale", id);
        }
        if (duration > 0 && edits.start() >= duration) {
            problems.damage(edits.offset(), "the edit list begins behind the end of the track: it is not followed");
            edits = Mp4Edits.none(edits.offset());
        }
        return new Mp4Track(
                id,
                entries.types(),
                entries.head(),
                entries.descriptions(),
                timescale,
                duration,
                edits,
                table,
                Map.copyOf(tables));
    }

    /** The boxes that matter have one place each, and their names are in no other one: so the depth has an end. */
    private void readIn(Mp4Box parent) throws IOException, MalformedBoxException {
        Mp4Boxes boxes = new Mp4Boxes(cursor, parent);
        for (Mp4Box box = boxes.next(); box != null; box = boxes.next()) {
            switch (parent.type() + "/" + box.type()) {
                case "trak/tkhd" -> id = readId(box);
                case "trak/edts", "trak/mdia", "mdia/minf" -> readIn(box);
                case "edts/elst" -> edits = Mp4Edits.read(cursor, box, problems);
                case "mdia/mdhd" -> readMediaHeader(box);
                case "minf/stbl" -> {
                    table = box;
                    readIn(box);
                }
                case "stbl/stsd" -> entries = Mp4SampleEntries.read(cursor, box, problems);
                default -> {
                    if (parent == table && TABLES.contains(box.type())) {
                        tables.putIfAbsent(box.type(), box);
                    }
                }
            }
        }
    }

    private long readId(Mp4Box box) throws IOException, MalformedBoxException {
        box.enterBehindTimes(cursor, Integer.BYTES);
        return cursor.uint32();
    }

    private void readMediaHeader(Mp4Box box) throws IOException, MalformedBoxException {
        boolean large = box.enterBehindTimes(cursor, 2 * Integer.BYTES);
        timescale = cursor.uint32();
        if (!large) {
            duration = cursor.uint32();
        } else if (cursor.has(Long.BYTES)) {
            duration = Math.max(0, cursor.int64());
        }
    }
}
