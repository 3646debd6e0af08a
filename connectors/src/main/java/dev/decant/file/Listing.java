package dev.decant.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** Lists a folder that other subtasks write into meanwhile. */
final class Listing {
    /** Each attempt fails only if a file goes between its name being read and its size. */
    private static final int ATTEMPTS = 1_000;

    private Listing() {}

    /**
     * What is in {@code folder}; nothing if it is not there. Flink's local file system first reads the names, then looks at
     * each file, and gives up if one is gone by then: another subtask has renamed or deleted it, so it is read again.
     */
    static FileStatus[] of(FileSystem files, Path folder) throws IOException {
        FileNotFoundException gone = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                FileStatus[] found = files.exists(folder) ? files.listStatus(folder) : null;
                return found == null ? new FileStatus[0] : found;
            } catch (FileNotFoundException e) {
                gone = e;
            }
        }
        throw gone;
    }
}
