package dev.decant.container;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/** Which of the tracks is read, and if none is why. */
final class Mp4TrackChoice {
    /** Of more kinds of tracks than these nobody wants to read in a message. */
    private static final int MOST_NAMED = 16;

    private final Mp4Cursor cursor;
    private final int wanted;
    private final Set<String> others = new TreeSet<>();
    private boolean encrypted;
    private MalformedBoxException broken;

    private Mp4TrackChoice(Mp4Cursor cursor, int wanted) {
        this.cursor = cursor;
        this.wanted = wanted;
    }

    /**
     * The box of the track.
     *
     * @param movie the box {@code moov}
     * @param wanted the number of the track, or {@link ReadingSettings#FIRST_TRACK}
     * @throws MalformedBoxException if there is none that could be read; the message says why
     */
    static Mp4Box of(Mp4Cursor cursor, Mp4Box movie, int wanted) throws IOException, MalformedBoxException {
        Mp4TrackChoice choice = new Mp4TrackChoice(cursor, wanted);
        Mp4Boxes boxes = new Mp4Boxes(cursor, movie);
        for (Mp4Box box = boxes.next(); box != null; box = boxes.next()) {
            if (box.is("trak") && choice.accepts(box)) {
                return box;
            }
        }
        throw choice.refusal();
    }

    private boolean accepts(Mp4Box box) throws IOException, MalformedBoxException {
        Mp4Track track;
        try {
            track = Mp4TrackReader.read(cursor, box, new ProblemList());
        } catch (MalformedBoxException refusal) {
            // Another track may be sound; if none is, this is why.
            broken = broken == null ? refusal : broken;
            return false;
        }
        if (wanted != ReadingSettings.FIRST_TRACK && track.id() != wanted) {
            name(track.id() + " (" + track.entries() + ")");
            return false;
        }
        if (track.isOpus()) {
            return true;
        }
        if (wanted != ReadingSettings.FIRST_TRACK) {
            throw new MalformedBoxException(0, "the track %d is not Opus: it holds %s", wanted, track.entries());
        }
        encrypted |= track.isEncrypted();
        name(track.entries());
        return false;
    }

    private void name(String other) {
        if (others.size() < MOST_NAMED) {
            others.add(other);
        }
    }

    private MalformedBoxException refusal() {
        if (broken != null) {
            return broken;
        }
        if (wanted != ReadingSettings.FIRST_TRACK) {
            return new MalformedBoxException(
                    0, "there is no track %d: there are %s", wanted, others.isEmpty() ? "none" : named());
        }
        if (encrypted) {
            return new MalformedBoxException(0, "the sound is encrypted (enca): it cannot be read");
        }
        return new MalformedBoxException(
                0, "not an Opus recording: it %s", others.isEmpty() ? "has no tracks" : "holds " + named());
    }

    private String named() {
        return String.join(", ", others);
    }
}
