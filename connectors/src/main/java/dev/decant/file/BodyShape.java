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
 */
record BodyShape(FileFormat format, boolean inPlace, boolean hashed) implements Serializable {
    static BodyShape in(Path folder, FileFormat format, boolean hashed) {
        return new BodyShape(format, LocalPlace.isLocal(folder), hashed);
    }

    /** Bytes to leave free before the samples. */
    int room(PcmFormat pcm) {
        return inPlace ? format.room(pcm) : 0;
    }
}
