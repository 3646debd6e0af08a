package dev.decant.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.UUID;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/** The folder that files go to, looked at before a job is started. */
final class OutputFolder {
    private OutputFolder() {}

    /**
     * The folder, absolute and with its scheme. A bucket as a whole, {@code s3://bucket}, is its folder {@code /}.
     *
     * @throws IllegalArgumentException if its file system is unknown
     */
    static Path qualified(Path folder) {
        try {
            Path named = folder.toUri().getPath().isEmpty() ? new Path(folder + "/") : folder;
            return named.makeQualified(named.getFileSystem());
        } catch (UnsupportedFileSystemSchemeException e) {
            throw new IllegalArgumentException(
                    "the output folder " + folder
                            + " is on a file system that this Flink does not have: a plugin of Flink"
                            + " brings it, in a folder of its own below plugins/ (for s3: flink-s3-fs-hadoop)",
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the output folder " + folder + " is on no file system that Flink knows: " + e.getMessage(), e);
        }
    }

    /**
     * Makes the folder, and writes and deletes a small file in it.
     *
     * @throws IOException if it cannot be written; the message is one sentence that names the folder and the reason
     */
    static void requireWritable(Path folder) throws IOException {
        try {
            FileSystem files = folder.getFileSystem();
            RecoverableWriter writer = files.createRecoverableWriter();
            if (!writer.supportsResume()) {
                throw new IOException("its file system cannot resume a file after a failure");
            }
            for (Path above = folder; above != null; above = above.getParent()) {
                if (files.exists(above) && !files.getFileStatus(above).isDir()) {
                    throw new IOException(above + " is a file");
                }
            }
            files.mkdirs(folder);
            Path probe = new Path(folder, ".decant-probe-" + UUID.randomUUID());
            files.create(probe, FileSystem.WriteMode.NO_OVERWRITE).close();
            files.delete(probe, false);
        } catch (IOException | UnsupportedOperationException e) {
            throw new IOException("The output folder " + folder + " cannot be written: " + reason(e), e);
        }
    }

    /** The messages of Java's file system exceptions are mere paths: what happened is in their names. */
    private static String reason(Exception e) {
        return e instanceof FileSystemException ? e.getClass().getSimpleName() + " " + e.getMessage() : e.getMessage();
    }
}
