package dev.decant.container;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a recording on a disk that fails at some byte, each time a little farther on. */
final class FailingBytes implements RecordingBytes {
    private final byte[] bytes;
    private final int farther;
    private int failsAt;
    private int opened;

    /**
     * @param farther how much is readable more after each failure
     */
    FailingBytes(byte[] bytes, int failsAt, int farther) {
        this.bytes = bytes;
        this.failsAt = failsAt;
        this.farther = farther;
    }

    int opened() {
        return opened;
    }

    int failsAt() {
        return failsAt;
    }

    @Override
    public InputStream open(long offset) {
        opened++;
        int from = (int) offset;
        int readable = Math.max(0, Math.min(failsAt, bytes.length) - from);
        return new FilterInputStream(new ByteArrayInputStream(bytes, from, readable)) {
            @Override
            public int read() throws IOException {
                return orFail(super.read());
            }

            @Override
            public int read(byte[] into, int at, int length) throws IOException {
                return orFail(super.read(into, at, length));
            }

            private int orFail(int read) throws IOException {
                if (read < 0 && failsAt < bytes.length) {
                    failsAt += farther;
                    throw new IOException("the disk is gone");
                }
                return read;
            }
        };
    }
}
