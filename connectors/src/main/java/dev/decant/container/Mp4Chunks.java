package dev.decant.container;

import java.io.IOException;

/**
 * The chunks of a track, each a run of samples without a gap: a Chunk Offset Box, and the Sample to Chunk Box that tells how
 * many samples are in each (ISO 14496-12, sections 8.7.4 and 8.7.5).
 */
final class Mp4Chunks {
    private final Mp4Table offsets;
    private final boolean large;
    private final Mp4Table runs;

    /** Counts from 1. */
    private long chunk;

    private long offset;
    private long samples;
    private long description;

    /** What the next row of the runs says, and from which chunk on; no chunk: there is none. */
    private long nextFirst;

    private long nextSamples;
    private long nextDescription;

    private Mp4Chunks(Mp4Table offsets, boolean large, Mp4Table runs) {
        this.offsets = offsets;
        this.large = large;
        this.runs = runs;
    }

    /**
     * Opens the boxes {@code stco} or {@code co64}, and {@code stsc}.
     *
     * @param offsetCursor its own, as the other one
     */
    static Mp4Chunks open(
            Mp4Cursor offsetCursor, Mp4Box offsetBox, Mp4Cursor runCursor, Mp4Box runBox, ProblemList problems)
            throws IOException, MalformedBoxException {
        boolean large = offsetBox.is("co64");
        Mp4Table offsets = Mp4Table.of(offsetCursor, offsetBox, 8, large ? Long.BYTES : Integer.BYTES, problems);
        Mp4Chunks chunks = new Mp4Chunks(offsets, large, Mp4Table.of(runCursor, runBox, 8, 12, problems));
        chunks.readRun();
        // Whatever chunk it says that it begins with: it is the first one for all before it too.
        chunks.beginRun();
        return chunks;
    }

    /** Goes to the next chunk; false: there is none. */
    boolean next() throws IOException {
        if (!offsets.next()) {
            return false;
        }
        offset = large ? offsets.int64() : offsets.uint32();
        chunk++;
        while (nextFirst != 0 && chunk >= nextFirst) {
            beginRun();
        }
        return true;
    }

    /** Where the chunk begins in the recording, in bytes. */
    long offset() {
        return offset;
    }

    /** How many samples it has. */
    long samples() {
        return samples;
    }

    /** Which of the track's sample entries describes them, from 1. */
    long description() {
        return description;
    }

    private void beginRun() throws IOException {
        samples = nextSamples;
        description = nextDescription;
        readRun();
    }

    private void readRun() throws IOException {
        nextFirst = 0;
        if (runs.next()) {
            nextFirst = Math.max(1, runs.uint32());
            nextSamples = runs.uint32();
            nextDescription = runs.uint32();
        }
    }
}
