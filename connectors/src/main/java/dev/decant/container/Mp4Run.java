package dev.decant.container;

import java.io.IOException;

/** Samples of a fragment that stand behind each other: a Track Fragment Run Box (ISO 14496-12, section 8.8.8). */
final class Mp4Run {
    private static final int DATA_OFFSET = 0x1;
    private static final int FIRST_FLAGS = 0x4;
    private static final int DURATIONS = 0x100;
    private static final int SIZES = 0x200;
    private static final int FLAGS = 0x400;
    private static final int COMPOSITION_OFFSETS = 0x800;
    private static final int FIELD_BYTES = 8;

    private final Mp4Defaults defaults;
    private final boolean hasDurations;
    private final boolean hasSizes;

    /** A row for each sample, of which there are as many; null if nothing is said of single ones. */
    private final Mp4Table rows;

    private long left;
    private long offset;
    private long time;

    private Mp4Run(Mp4Defaults defaults, int flags, Mp4Table rows, long samples, long offset, long time) {
        this.defaults = defaults;
        this.hasDurations = (flags & DURATIONS) != 0;
        this.hasSizes = (flags & SIZES) != 0;
        this.rows = rows;
        this.left = samples;
        this.offset = offset;
        this.time = time;
    }

    /**
     * Opens the box {@code trun}.
     *
     * @param base from where it counts, in bytes from the start of the recording
     * @param usualOffset where its samples begin if it does not say so
     * @param time when they begin, in units of the track's timescale
     */
    static Mp4Run open(
            Mp4Cursor cursor,
            Mp4Box box,
            Mp4Defaults defaults,
            long base,
            long usualOffset,
            long time,
            ProblemList problems)
            throws IOException, MalformedBoxException {
        box.enter(cursor, FIELD_BYTES);
        int flags = cursor.int32();
        long samples = cursor.uint32();
        int fieldBytes = FIELD_BYTES + Integer.BYTES * count(flags, DATA_OFFSET, FIRST_FLAGS);
        long offset = usualOffset;
        if ((flags & DATA_OFFSET) != 0) {
            box.enter(cursor, fieldBytes);
            cursor.skip(FIELD_BYTES);
            offset = base + cursor.int32();
        }
        int rowBytes = Integer.BYTES * count(flags, DURATIONS, SIZES, FLAGS, COMPOSITION_OFFSETS);
        Mp4Table rows = null;
        if (rowBytes > 0) {
            samples = Mp4Table.fitting(box, samples, Math.max(0, box.contentBytes() - fieldBytes) / rowBytes, problems);
            rows = new Mp4Table(cursor, box.contentAt() + fieldBytes, rowBytes, samples);
        }
        return new Mp4Run(defaults, flags, rows, samples, offset < 0 ? Mp4Sample.MOST : offset, time);
    }

    /** The next sample, or null. */
    Mp4Sample next() throws IOException {
        if (left == 0) {
            return null;
        }
        left--;
        long duration = defaults.duration();
        long bytes = defaults.bytes();
        if (rows != null && rows.next()) {
            duration = hasDurations ? rows.uint32() : duration;
            bytes = hasSizes ? rows.uint32() : bytes;
        }
        Mp4Sample sample = new Mp4Sample(offset, bytes, time, duration);
        offset = Mp4Sample.plus(offset, bytes);
        time = Mp4Sample.plus(time, duration);
        return sample;
    }

    /** Whether there can be bytes in a sample. */
    boolean hasBytes() {
        return hasSizes || defaults.bytes() > 0;
    }

    /** Passes over what is left. Answers with how many samples that were. */
    long leave() throws IOException {
        long samples = left;
        if (rows == null) {
            left = 0;
            offset = Mp4Sample.plus(offset, Mp4Sample.times(samples, defaults.bytes()));
            time = Mp4Sample.plus(time, Mp4Sample.times(samples, defaults.duration()));
        }
        while (next() != null) {
            // Only the rows tell where they end.
        }
        return samples;
    }

    /** Where in the recording the next sample begins, or what comes after the last one. */
    long offset() {
        return offset;
    }

    /** When the next sample begins, or the last one ends, in units of the track's timescale. */
    long time() {
        return time;
    }

    private static int count(int flags, int... wanted) {
        int count = 0;
        for (int flag : wanted) {
            count += (flags & flag) != 0 ? 1 : 0;
        }
        return count;
    }
}
