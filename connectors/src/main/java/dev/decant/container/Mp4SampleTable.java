package dev.decant.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The samples that the Sample Table Box of a track names (ISO 14496-12, section 8.5). Its tables are read side by side,
 * each by a cursor of its own, so that they may be as long as they like.
 */
final class Mp4SampleTable implements Mp4Samples {
    private final Mp4Track track;
    private final RecordingBytes bytes;
    private final ProblemList problems;
    private final List<Mp4Cursor> cursors = new ArrayList<>();
    private Mp4SampleSizes sizes;
    private Mp4Chunks chunks;
    private Mp4SampleTimes times;

    /** How many samples of the chunk are left, and where the next one begins. */
    private long left;

    private long offset;

    private Mp4SampleTable(Mp4Track track, RecordingBytes bytes, ProblemList problems) {
        this.track = track;
        this.bytes = bytes;
        this.problems = problems;
    }

    /**
     * Opens the tables of a track.
     *
     * @param bytes where the tables are
     * @throws MalformedBoxException if one is missing or broken
     */
    static Mp4SampleTable open(Mp4Track track, RecordingBytes bytes, ProblemList problems)
            throws IOException, MalformedBoxException {
        Mp4SampleTable table = new Mp4SampleTable(track, bytes, problems);
        try {
            table.openTables();
        } catch (IOException | MalformedBoxException | RuntimeException failure) {
            table.close();
            throw failure;
        }
        return table;
    }

    @Override
    public Mp4Sample next() throws IOException {
        while (left == 0) {
            if (!nextChunk()) {
                return null;
            }
        }
        left--;
        long size = sizes.next();
        long time = times.time();
        Mp4Sample sample = new Mp4Sample(offset, size, time, times.next());
        offset = Mp4Sample.plus(offset, size);
        return sample;
    }

    @Override
    public long leaveChunk() throws IOException {
        long samples = left;
        left = 0;
        sizes.skip(samples);
        times.skip(samples);
        return samples;
    }

    @Override
    public long time() {
        return times.time();
    }

    @Override
    public void close() throws IOException {
        for (Mp4Cursor cursor : cursors) {
            cursor.close();
        }
    }

    private void openTables() throws IOException, MalformedBoxException {
        sizes = Mp4SampleSizes.open(cursor(), track.table("stsz", "stz2"), problems);
        chunks = Mp4Chunks.open(cursor(), track.table("stco", "co64"), cursor(), track.table("stsc", "stsc"), problems);
        times = Mp4SampleTimes.open(cursor(), track.table("stts", "stts"), problems);
    }

    private Mp4Cursor cursor() {
        Mp4Cursor cursor = new Mp4Cursor(bytes, Mp4Cursor.TABLE_BUFFER_BYTES);
        cursors.add(cursor);
        return cursor;
    }

    private boolean nextChunk() throws IOException {
        if (sizes.left() == 0) {
            if (times.isExhausted()) {
                problems.irregularity(track.table().offset(), "the box stts does not tell the time of all samples");
            }
            return false;
        }
        if (!chunks.next()) {
            problems.damage(track.table().offset(), "%d samples are in no chunk", sizes.left());
            sizes.skip(sizes.left());
            return false;
        }
        left = chunks.samples();
        offset = chunks.offset() < 0 ? Mp4Sample.MOST : chunks.offset();
        if (left > sizes.left()) {
            problems.damage(
                    track.table().offset(),
                    "a chunk has %d samples: only %d more are in the box stsz",
                    left,
                    sizes.left());
            left = sizes.left();
        }
        if (left > 0 && !track.isDescribedBy(chunks.description())) {
            long passed = leaveChunk();
            problems.damage(
                    track.table().offset(),
                    "%d samples of another kind (sample entry %d) were passed over",
                    passed,
                    chunks.description());
        }
        return true;
    }
}
