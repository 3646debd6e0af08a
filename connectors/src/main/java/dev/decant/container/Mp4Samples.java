package dev.decant.container;

import java.io.Closeable;
import java.io.IOException;

/** The samples of one track, in the order of their times. */
interface Mp4Samples extends Closeable {
    /** The next sample, or null after the last one. */
    Mp4Sample next() throws IOException;

    /** Passes over the samples that stand behind the last one without a gap. Answers with how many they are. */
    long leaveChunk() throws IOException;

    /** When the last sample that was given or passed over ends, in units of the track's timescale. */
    long time();
}
