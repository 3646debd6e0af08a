package dev.decant.container;

import java.io.Closeable;
import java.io.IOException;

/**
 * The samples that one fragment, a Movie Fragment Box, has of a track (ISO 14496-12, section 8.8.4). The boxes in it are
 * read in their order, and no further than is needed.
 */
final class Mp4Fragment implements Closeable {
    private static final int BASE_OFFSET = 0x1;
    private static final int DESCRIPTION = 0x2;
    private static final int DURATION = 0x8;
    private static final int BYTES = 0x10;
    private static final int BASE_IS_FRAGMENT = 0x2_0000;

    private final Mp4Cursor cursor;
    private final Mp4Box fragment;
    private final Mp4Track track;
    private final Mp4Defaults movieDefaults;
    private final ProblemList problems;
    private final Mp4Boxes boxes;

    /** The boxes of the Track Fragment Box that is being read; null: none is. */
    private Mp4Boxes trackBoxes;

    /** Whether it is about our track. Of others only the end of their data matters, from which the next one may count. */
    private boolean ours;

    private Mp4Defaults defaults = Mp4Defaults.NONE;
    private long base;
    private long dataEnd;
    private Mp4Run run;
    private long time;

    /**
     * @param cursor its own, closed with it
     * @param time when its first sample begins unless it says so itself, in units of the track's timescale
     */
    Mp4Fragment(
            Mp4Cursor cursor,
            Mp4Box fragment,
            Mp4Track track,
            Mp4Defaults movieDefaults,
            long time,
            ProblemList problems) {
        this.cursor = cursor;
        this.fragment = fragment;
        this.track = track;
        this.movieDefaults = movieDefaults;
        this.problems = problems;
        this.boxes = new Mp4Boxes(cursor, fragment);
        this.dataEnd = fragment.offset();
        this.time = time;
    }

    /**
     * The next sample, or null after the last one.
     *
     * @throws MalformedBoxException if the rest cannot be read
     */
    Mp4Sample next() throws IOException, MalformedBoxException {
        while (true) {
            Mp4Sample sample = run == null ? null : run.next();
            if (sample != null) {
                return sample;
            }
            endRun();
            Mp4Box box = nextTrackBox();
            if (box == null) {
                return null;
            }
            switch (box.type()) {
                case "tfhd" -> readHeader(box);
                case "tfdt" -> readTime(box);
                case "trun" -> openRun(box);
                default -> {
                    // Groups of samples and the like: of no matter to what is heard.
                }
            }
        }
    }

    /** Passes over the samples that stand behind the last one. Answers with how many they are. */
    long leaveRun() throws IOException {
        return run == null ? 0 : run.leave();
    }

    /** When the last sample that was given or passed over ends, in units of the track's timescale. */
    long time() {
        return run == null ? time : run.time();
    }

    @Override
    public void close() throws IOException {
        cursor.close();
    }

    private Mp4Box nextTrackBox() throws IOException, MalformedBoxException {
        while (true) {
            Mp4Box box = trackBoxes == null ? null : trackBoxes.next();
            if (box != null) {
                return box;
            }
            Mp4Box next = boxes.next();
            if (next == null) {
                return null;
            }
            trackBoxes = next.is("traf") ? new Mp4Boxes(cursor, next) : null;
            ours = false;
            base = dataEnd;
        }
    }

    private void readHeader(Mp4Box box) throws IOException, MalformedBoxException {
        box.enter(cursor, 2 * Integer.BYTES);
        int flags = cursor.int32();
        ours = cursor.uint32() == track.id();
        int bytes = (flags & BASE_OFFSET) != 0 ? Long.BYTES : 0;
        for (int flag : new int[] {DESCRIPTION, DURATION, BYTES}) {
            bytes += (flags & flag) != 0 ? Integer.BYTES : 0;
        }
        box.enter(cursor, 2 * Integer.BYTES + bytes);
        cursor.skip(2 * Integer.BYTES);
        if ((flags & BASE_OFFSET) != 0) {
            base = cursor.int64();
        } else if ((flags & BASE_IS_FRAGMENT) != 0) {
            base = fragment.offset();
        }
        if (base < 0 || base > Mp4Sample.MOST) {
            base = Mp4Sample.MOST;
        }
        dataEnd = base;
        defaults = new Mp4Defaults(
                (flags & DESCRIPTION) != 0 ? cursor.uint32() : movieDefaults.description(),
                (flags & DURATION) != 0 ? cursor.uint32() : movieDefaults.duration(),
                (flags & BYTES) != 0 ? cursor.uint32() : movieDefaults.bytes());
    }

    private void readTime(Mp4Box box) throws IOException, MalformedBoxException {
        box.enter(cursor, 2 * Integer.BYTES);
        if (!ours) {
            return;
        }
        boolean large = cursor.peek(0) == 1;
        box.enter(cursor, Integer.BYTES + (large ? Long.BYTES : Integer.BYTES));
        cursor.skip(Integer.BYTES);
        long stated = large ? cursor.int64() : cursor.uint32();
        if (stated < 0 || stated > Mp4Sample.MOST) {
            throw new MalformedBoxException(box.offset(), "the box tfdt says %d: that is no time", stated);
        }
        time = stated;
    }

    private void openRun(Mp4Box box) throws IOException, MalformedBoxException {
        run = Mp4Run.open(cursor, box, defaults, base, dataEnd, time, problems);
        if (!ours) {
            run.leave();
            dataEnd = run.offset();
            run = null;
        } else if (!track.isDescribedBy(defaults.description())) {
            problems.damage(
                    box.offset(),
                    "%d samples of another kind (sample entry %d) were passed over",
                    run.leave(),
                    defaults.description());
        } else if (!run.hasBytes()) {
            // Their number is all there is of them, and may be any.
            problems.damage(box.offset(), "%d samples without bytes were passed over", run.leave());
        }
    }

    private void endRun() {
        if (run != null) {
            dataEnd = run.offset();
            time = run.time();
            run = null;
        }
    }
}
