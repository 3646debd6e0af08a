package dev.decant.file;

import dev.decant.audio.Digests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableWriter;

/** The bodies of finished files, for those who make files of them. A file without samples has none, and needs none. */
final class BodyFiles {
    private final FileSystem files;
    private final RecoverableWriter writer;
    private final WorkFolder workFolder;

    BodyFiles(FileSystem files, RecoverableWriter writer, WorkFolder workFolder) {
        this.files = files;
        this.writer = writer;
        this.workFolder = workFolder;
    }

    /**
     * Makes a body a file of its own, if that was not done before.
     *
     * @return null if it is there; else why it is not: it may have been used and deleted by an earlier commit
     */
    IOException makeWhole(FinishedFile file) throws IOException {
        Path body = path(file);
        if (files.exists(body)) {
            return null;
        }
        IOException reason = null;
        try {
            writer.recoverForCommit(writer.getCommitRecoverableSerializer()
                            .deserialize(file.body().version(), file.body().recoverable()))
                    .commitAfterRecovery();
        } catch (IOException e) {
            reason = e; // for a body that is gone, some file systems throw, some say nothing
        }
        if (files.exists(body)) {
            return null;
        }
        return reason == null ? new IOException(body + " is not there") : reason;
    }

    /**
     * Makes sure that a whole body holds the samples that were written, and no other.
     *
     * @param padding bytes that may already have been put after them
     */
    void requireWhole(FinishedFile file, int padding) throws IOException {
        long bytes = files.getFileStatus(path(file)).getLen();
        long expected = file.room() + file.dataBytes();
        if (bytes != expected && bytes != expected + padding) {
            throw new IOException("The body " + path(file) + " of stream \"" + file.streamId() + "\" has " + bytes
                    + " bytes: " + expected + " were written");
        }
    }

    /** The samples of a whole body; the caller closes them. */
    InputStream open(FinishedFile file) throws IOException {
        if (file.body() == null) {
            return new ByteArrayInputStream(new byte[0]);
        }
        FSDataInputStream in = files.open(path(file));
        try {
            if (file.room() > 0) {
                in.seek(file.room());
            }
            return new FirstBytes(in, file.dataBytes());
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** The hash of the samples: as it was computed while they were written, else of what is in the body. */
    byte[] sha256(FinishedFile file) throws IOException {
        if (file.sha256() != null) {
            return file.sha256();
        }
        MessageDigest hash = Digests.sha256();
        try (InputStream samples = open(file);
                OutputStream hashing = new DigestOutputStream(OutputStream.nullOutputStream(), hash)) {
            samples.transferTo(hashing);
        }
        return hash.digest();
    }

    /** Deletes what stands beside whole bodies where the file system needs that to resume them. */
    void deleteRemains(List<FinishedFile> ofFiles) throws IOException {
        if (writer.requiresCleanupOfRecoverableState()) {
            workFolder.deleteRemains(ofFiles.stream()
                    .filter(file -> file.body() != null)
                    .map(BodyFiles::path)
                    .toList());
        }
    }

    /** Deletes a body whose samples stand elsewhere now. */
    void delete(FinishedFile file) throws IOException {
        if (file.body() != null) {
            Path body = path(file);
            files.delete(body, false);
            workFolder.removeIfForeignAndEmpty(body);
        }
    }

    static Path path(FinishedFile file) {
        return new Path(file.body().path());
    }
}
