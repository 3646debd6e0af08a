package dev.decant.shard;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of a shard, counted, since its footer names places; buffered, since page headers come in single bytes. */
final class ShardOutput extends OutputStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final OutputStream out;
    private final byte[] copied = new byte[BUFFER_BYTES];
    private long position;

    /**
     * @param out not closed
     */
    ShardOutput(OutputStream out) {
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    }

    /** Bytes from the start of the file. */
    long position() {
        return position;
    }

    @Override
    public void write(int value) throws IOException {
        out.write(value);
        position++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        position += length;
    }

    /** Four bytes, the lowest first. */
    void writeInt(int value) throws IOException {
        write(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    /**
     * Copies {@code in} to its end.
     *
     * @param length how many bytes it must have
     * @param name of what it has, for the error
     * @throws IOException if it has fewer or more
     */
    void copy(InputStream in, long length, String name) throws IOException {
        long left = length;
        while (left > 0) {
            int read = in.read(copied, 0, (int) Math.min(left, copied.length));
            if (read < 0) {
                throw new IOException(name + " ends after " + (length - left) + " bytes of " + length);
            }
            write(copied, 0, read);
            left -= read;
        }
        if (in.read() >= 0) {
            throw new IOException(name + " goes on after the " + length + " bytes that it should have");
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
