package dev.decant.container;

import java.io.IOException;
import java.io.InputStream;

/** What readers have in common that look at a stretch of a file, through a buffer that moves on over it. */
abstract class WindowedReader {
    final byte[] buffer;

    /** Where in the buffer the stretch begins that is looked at, and where the bytes that were read end. */
    int from;

    int to;

    /** How many bytes of the file lie before the buffer. */
    long before;

    private final InputStream in;

    WindowedReader(InputStream in, int windowBytes) {
        this.in = in;
        this.buffer = new byte[windowBytes];
    }

    /** How many bytes of the file were read. */
    final long bytesRead() {
        return before + to;
    }

    /** Sees to it that {@code bytes} lie in the buffer from {@code from} on; false: the file ends before. */
    final boolean fill(int bytes) throws IOException {
        if (to - from >= bytes) {
            return true;
        }
        if (buffer.length - from < bytes) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            before += from;
            to -= from;
            from = 0;
        }
        while (to - from < bytes) {
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) {
                return false;
            }
            to += read;
        }
        return true;
    }
}
