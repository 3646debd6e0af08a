package dev.decant.container;

import java.io.IOException;

/** All samples of a track: first those in its tables, then those in fragments. */
final class Mp4TrackSamples implements Mp4Samples {
    private final Mp4Cursor cursor;
    private final Mp4Movie movie;
    private final long fragmentsFrom;
    private final ProblemList problems;

    /** What is being read; null after the end. */
    private Mp4Samples samples;

    private boolean inTables;
    private long time;

    /** Where the last sample ends, in bytes. */
    private long end;

    private Mp4TrackSamples(Mp4Cursor cursor, Mp4Movie movie, long fragmentsFrom, ProblemList problems) {
        this.cursor = cursor;
        this.movie = movie;
        this.fragmentsFrom = fragmentsFrom;
        this.problems = problems;
    }

    /**
     * Opens the samples.
     *
     * @param cursor of the recording; others may move it between two samples
     * @param tables where the tables are
     * @param fragmentsFrom where the first box begins that may be a fragment
     */
    static Mp4TrackSamples open(
            Mp4Cursor cursor, RecordingBytes tables, Mp4Movie movie, long fragmentsFrom, ProblemList problems)
            throws IOException, MalformedBoxException {
        Mp4TrackSamples all = new Mp4TrackSamples(cursor, movie, fragmentsFrom, problems);
        all.inTables = movie.track().hasTables() || !movie.fragmented();
        all.samples = all.inTables ? Mp4SampleTable.open(movie.track(), tables, problems) : all.fragments();
        return all;
    }

    @Override
    public Mp4Sample next() throws IOException {
        while (samples != null) {
            Mp4Sample sample = samples.next();
            if (sample != null) {
                end = Mp4Sample.plus(sample.offset(), sample.bytes());
                return sample;
            }
            time = samples.time();
            samples.close();
            samples = inTables && mayHaveFragments() ? fragments() : null;
            inTables = false;
        }
        return null;
    }

    @Override
    public long leaveChunk() throws IOException {
        return samples == null ? 0 : samples.leaveChunk();
    }

    @Override
    public long time() {
        return samples == null ? time : samples.time();
    }

    @Override
    public void close() throws IOException {
        if (samples != null) {
            samples.close();
        }
    }

    private Mp4Samples fragments() {
        return new Mp4Fragments(cursor, movie, fragmentsFrom, time, problems);
    }

    /** Nothing is announced and nothing follows: then there is no need to look for them. */
    private boolean mayHaveFragments() throws IOException {
        return movie.fragmented() || end < fragmentsFrom || cursor.isThere(end);
    }
}
