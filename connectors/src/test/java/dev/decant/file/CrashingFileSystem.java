package dev.decant.file;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.core.fs.local.LocalRecoverableWriter;

/**
 * The local file system of a process that dies: before or after its n-th change to a file. From then on it answers
 * nothing any more, as the dead do.
 */
final class CrashingFileSystem extends LocalFileSystem {
    /** Counts down the moments at which the process may die: there are two a change, one before and one after. */
    private final AtomicInteger momentsLeft;

    CrashingFileSystem(int momentsToLive) {
        this.momentsLeft = new AtomicInteger(momentsToLive);
    }

    /** Whether all that was wanted of it came before its death. */
    boolean survived() {
        return momentsLeft.get() > 0;
    }

    @Override
    public boolean delete(Path file, boolean recursive) throws IOException {
        return change(() -> super.delete(file, recursive));
    }

    @Override
    public boolean exists(Path file) throws IOException {
        requireAlive();
        return Files.exists(java.nio.file.Path.of(file.toUri()));
    }

    @Override
    public LocalRecoverableWriter createRecoverableWriter() {
        return new LocalRecoverableWriter(this) {
            @Override
            public RecoverableFsDataOutputStream open(Path file) throws IOException {
                return new CrashingStream(change(() -> super.open(file)));
            }

            @Override
            public RecoverableFsDataOutputStream.Committer recoverForCommit(CommitRecoverable recoverable)
                    throws IOException {
                return new CrashingCommitter(super.recoverForCommit(recoverable));
            }
        };
    }

    private <T> T change(Change<T> change) throws IOException {
        moment();
        T result = change.make();
        moment();
        return result;
    }

    private void moment() throws IOException {
        momentsLeft.decrementAndGet();
        requireAlive();
    }

    private void requireAlive() throws IOException {
        if (!survived()) {
            throw new IOException("the process is dead");
        }
    }

    private interface Change<T> {
        T make() throws IOException;
    }

    private final class CrashingStream extends RecoverableFsDataOutputStream {
        private final RecoverableFsDataOutputStream out;
        private boolean closedForCommit;

        CrashingStream(RecoverableFsDataOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            requireAlive();
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int half = length / 2;
            change(() -> {
                out.write(bytes, offset, half);
                return null;
            });
            out.write(bytes, offset + half, length - half);
        }

        @Override
        public RecoverableWriter.ResumeRecoverable persist() throws IOException {
            return change(out::persist);
        }

        @Override
        public Committer closeForCommit() throws IOException {
            closedForCommit = true;
            return new CrashingCommitter(change(out::closeForCommit));
        }

        /** Refused after {@link #closeForCommit}, as S3's stream does, of which the local one says nothing. */
        @Override
        public void close() throws IOException {
            if (closedForCommit) {
                throw new IOException("Stream closed.");
            }
            out.close();
        }

        @Override
        public long getPos() throws IOException {
            return out.getPos();
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void sync() throws IOException {
            out.sync();
        }
    }

    private final class CrashingCommitter implements RecoverableFsDataOutputStream.Committer {
        private final RecoverableFsDataOutputStream.Committer committer;

        CrashingCommitter(RecoverableFsDataOutputStream.Committer committer) {
            this.committer = committer;
        }

        @Override
        public void commit() throws IOException {
            change(() -> {
                committer.commit();
                return null;
            });
        }

        @Override
        public void commitAfterRecovery() throws IOException {
            change(() -> {
                committer.commitAfterRecovery();
                return null;
            });
        }

        @Override
        public RecoverableWriter.CommitRecoverable getRecoverable() {
            return committer.getRecoverable();
        }
    }
}
