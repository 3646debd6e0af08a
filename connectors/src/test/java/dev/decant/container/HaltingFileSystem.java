package dev.decant.container;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataInputStreamWrapper;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * This machine's files, {@code halting:///tmp/a.opus}. Of those that have {@value #HALTING} in their names nobody gets to read
 * more than the first half, until that is let go on.
 */
public final class HaltingFileSystem extends LocalFileSystem {
    static final String HALTING = "halting";

    private static volatile CountDownLatch halt = new CountDownLatch(0);

    /** From now on reading halts in the middle of such a file. */
    static void halt() {
        halt = new CountDownLatch(1);
    }

    static void goOn() {
        halt.countDown();
    }

    @Override
    public URI getUri() {
        return URI.create(HALTING + ":///");
    }

    @Override
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
        FSDataInputStream in = super.open(file, bufferSize);
        return file.getName().contains(HALTING)
                ? new HaltingStream(in, getFileStatus(file).getLen() / 2)
                : in;
    }

    private static final class HaltingStream extends FSDataInputStreamWrapper {
        private final long middle;

        private HaltingStream(FSDataInputStream in, long middle) {
            super(in);
            this.middle = middle;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            long left = middle - getPos();
            if (left > 0) {
                return super.read(bytes, offset, (int) Math.min(length, left));
            }
            try {
                halt.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted in the middle of a file");
            }
            return super.read(bytes, offset, length);
        }

        /** Buffers read on as long as something is available. */
        @Override
        public int available() throws IOException {
            return (int) Math.max(0, middle - getPos());
        }
    }

    /** Flink finds it by its name in META-INF/services. */
    public static final class Factory implements FileSystemFactory {
        @Override
        public String getScheme() {
            return HALTING;
        }

        @Override
        public FileSystem create(URI uri) {
            return new HaltingFileSystem();
        }
    }
}
