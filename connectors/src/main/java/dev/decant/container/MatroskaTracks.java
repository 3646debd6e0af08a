package dev.decant.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The Tracks of a document (RFC 9559, section 5.1.4): which of them is wanted, and why it cannot be had. */
final class MatroskaTracks {
    /** More tracks than that are not listed in a refusal. */
    private static final int MOST_LISTED = 20;

    private final int wantedNumber;
    private final List<String> listed = new ArrayList<>();
    private MatroskaTrack wanted;

    private MatroskaTracks(int wantedNumber) {
        this.wantedNumber = wantedNumber;
    }

    /**
     * Reads the Tracks that {@code ebml} stands at.
     *
     * @param wantedNumber as in {@link ReadingSettings#track}
     */
    static MatroskaTracks read(EbmlReader ebml, int wantedNumber, ProblemList problems)
            throws IOException, DamagedElementException {
        MatroskaTracks tracks = new MatroskaTracks(wantedNumber);
        for (long end = ebml.end(); ebml.nextWithin(end); ) {
            long entryEnd = ebml.end();
            if (ebml.element() == MatroskaElement.TRACK_ENTRY) {
                tracks.readEntry(ebml, problems);
            }
            ebml.skipTo(entryEnd);
        }
        return tracks;
    }

    /** The track that is wanted, if it is there and Opus; else null. */
    MatroskaTrack wanted() {
        return wanted != null && wanted.isOpus() ? wanted : null;
    }

    /** Why there is no {@link #wanted}. */
    String refusal(Container container) {
        String all = listed.isEmpty() ? "no track" : String.join(", ", listed);
        if (wantedNumber == ReadingSettings.FIRST_TRACK) {
            return "not a %s Opus recording: it holds %s".formatted(container, all);
        }
        String what = wanted == null ? "there is no track %d" : "track %d is not Opus";
        return what.formatted(wantedNumber) + ": the recording holds " + all;
    }

    /** A TrackEntry that is damaged is passed over: others may not be. */
    private void readEntry(EbmlReader ebml, ProblemList problems) throws IOException, DamagedElementException {
        MatroskaTrack track;
        try {
            track = MatroskaTrack.read(ebml);
        } catch (DamagedElementException damage) {
            if (damage.cut()) {
                throw damage;
            }
            problems.damage(damage.offset(), "a TrackEntry was passed over: %s", damage.getMessage());
            return;
        }
        if (listed.size() < MOST_LISTED) {
            listed.add("%s (track %d)".formatted(track.codecId(), track.number()));
        }
        if (wanted == null && isWanted(track)) {
            wanted = track;
        }
    }

    private boolean isWanted(MatroskaTrack track) {
        return wantedNumber == ReadingSettings.FIRST_TRACK ? track.isOpus() : track.number() == wantedNumber;
    }
}
