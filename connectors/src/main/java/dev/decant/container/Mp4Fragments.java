package dev.decant.container;

import java.io.IOException;

/**
 * The samples of a track that are in fragments (ISO 14496-12, section 8.8): the boxes of the recording from some place on,
 * of which all but the fragments are passed over. After damage the next fragment is searched for.
 */
final class Mp4Fragments implements Mp4Samples {
    private static final int FOUR_CC_AT = 4;

    /** A fragment begins with its own header and a Movie Fragment Header Box. */
    private static final int BEGINNING_BYTES = 16;

    private final Mp4Cursor cursor;
    private final Mp4Movie movie;
    private final ProblemList problems;

    /** The last box whose header was read. */
    private Mp4Box last;

    private long nextBoxAt;
    private boolean ended;
    private Mp4Fragment fragment;
    private boolean found;
    private long time;

    /**
     * @param cursor of the recording; others may move it between two samples
     * @param from where the first box begins that may be a fragment
     * @param time when the first sample begins unless it says so itself, in units of the track's timescale
     */
    Mp4Fragments(Mp4Cursor cursor, Mp4Movie movie, long from, long time, ProblemList problems) {
        this.cursor = cursor;
        this.movie = movie;
        this.nextBoxAt = from;
        this.time = time;
        this.problems = problems;
    }

    @Override
    public Mp4Sample next() throws IOException {
        while (true) {
            Mp4Sample sample = fragment == null ? null : nextInFragment();
            if (sample != null) {
                return sample;
            }
            closeFragment();
            if (ended || !nextFragment()) {
                ended = true;
                return null;
            }
        }
    }

    @Override
    public long leaveChunk() throws IOException {
        return fragment == null ? 0 : fragment.leaveRun();
    }

    @Override
    public long time() {
        return fragment == null ? time : fragment.time();
    }

    @Override
    public void close() throws IOException {
        closeFragment();
        ended = true;
    }

    private Mp4Sample nextInFragment() throws IOException {
        try {
            return fragment.next();
        } catch (MalformedBoxException refusal) {
            problems.damage(refusal.offset(), "%s: the rest of the fragment was passed over", refusal.getMessage());
            return null;
        }
    }

    private void closeFragment() throws IOException {
        if (fragment != null) {
            time = fragment.time();
            fragment.close();
            fragment = null;
        }
    }

    /** Goes to the next fragment; false: there is none. */
    private boolean nextFragment() throws IOException {
        while (cursor.isThere(nextBoxAt) || isCutOff()) {
            try {
                last = Mp4Box.read(cursor, nextBoxAt, Mp4Box.NOWHERE);
                if (!last.isPlausible()) {
                    throw new MalformedBoxException(nextBoxAt, "no box begins here");
                }
                nextBoxAt = last.end();
                if (last.is("moof")) {
                    openFragment();
                    passMediaData();
                    return true;
                }
            } catch (MalformedBoxException refusal) {
                if (!search(refusal.offset() + Mp4Box.HEADER_BYTES, refusal.getMessage())) {
                    return false;
                }
            }
        }
        return false;
    }

    private void openFragment() throws IOException, MalformedBoxException {
        Mp4Cursor own = new Mp4Cursor(cursor.open(last), Mp4Cursor.TABLE_BUFFER_BYTES);
        fragment = new Mp4Fragment(own, last, movie.track(), movie.defaults(), time, problems);
        found = true;
    }

    /**
     * Reads the header of the box behind a fragment, which is that of its data: the packets in there are read next, and whoever
     * came back for it after them would need another stream. What is wrong with it is found out when its turn comes.
     */
    private void passMediaData() throws IOException {
        if (cursor.isThere(nextBoxAt) && cursor.has(Mp4Box.HEADER_BYTES)) {
            try {
                Mp4Box box = Mp4Box.read(cursor, nextBoxAt, Mp4Box.NOWHERE);
                if (box.is("mdat")) {
                    last = box;
                    nextBoxAt = box.end();
                }
            } catch (MalformedBoxException refusal) {
                // nextFragment() comes back here, and reports it.
            }
        }
    }

    /** Whether the last box ought to go on behind the end of the recording, but a fragment is found in what there is of it. */
    private boolean isCutOff() throws IOException {
        if (last == null || last.end() == Mp4Box.NOWHERE || cursor.isThere(nextBoxAt - 1)) {
            return false;
        }
        return search(last.contentAt(), "the recording ends within the box " + last.type());
    }

    /** Goes to where a fragment seems to begin, and reports what is wrong before it; false: there is none. */
    private boolean search(long from, String why) throws IOException {
        if (!movie.fragmented() && !found) {
            problems.irregularity(from, "%s", why);
            return false;
        }
        problems.damage(from, "%s", why);
        for (cursor.seek(from); cursor.has(BEGINNING_BYTES); cursor.skip(1)) {
            if (isAhead("moof", FOUR_CC_AT) && isAhead("mfhd", Mp4Box.HEADER_BYTES + FOUR_CC_AT)) {
                nextBoxAt = cursor.position();
                last = null;
                return true;
            }
        }
        return false;
    }

    private boolean isAhead(String type, int ahead) {
        for (int i = 0; i < type.length(); i++) {
            if (cursor.peek(ahead + i) != type.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
