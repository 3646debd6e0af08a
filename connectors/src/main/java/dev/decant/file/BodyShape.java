package dev.decant.file;

import dev.decant.audio.PcmFormat;
import java.io.Serializable;
import org.apache.flink.core.fs.Path;

/**
 * What new bodies are like.
 *
 * @param format what becomes of them
 * @param inPlace whether a body becomes its file where it stands, so that it needs room for a header
 * @param hashed whether their samples are hashed as they are written
 * @param gathered whether others may need them for longer than until the next checkpoints, so that what nobody seems to
 *     know must not be taken for a leftover
 */
record BodyShape(FileFormat format, boolean inPlace, boolean hashed, boolean gathered) implements Serializable {
    /** Of streams many are open at a time, of recordings few: these are hashed, and written in larger pieces. */
    private static final int STREAM_BUFFER_BYTES = 16 * 1024;

    private static final int RECORDING_BUFFER_BYTES = 64 * 1024;

    /** Of bodies that each become a file. */
    static BodyShape ofFiles(Path folder, FileFormat format, boolean hashed) {
        return new BodyShape(format, LocalPlace.isLocal(folder), hashed, false);
    }

    /** Of bodies that become rows of shards. */
    static BodyShape ofRows(FileFormat format) {
        return new BodyShape(format, false, true, true);
    }

    /** How many bytes of samples are held before they are written. */
    int bufferBytes() {
        return hashed ? RECORDING_BUFFER_BYTES : STREAM_BUFFER_BYTES;
    }

    /** Bytes to leave free before the samples. */
    int room(PcmFormat pcm) {
        return inPlace ? format.room(pcm) : 0;
    }
}
