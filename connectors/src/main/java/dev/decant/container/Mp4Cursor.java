package dev.decant.container;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A place in a recording from which bytes are read, and which can be moved anywhere: what is near ahead is reached in the
 * open stream, else another one is opened there. It holds its buffer and nothing else.
 */
final class Mp4Cursor implements Closeable {
    /** What a cursor on a table holds; most tables are shorter. */
    static final int TABLE_BUFFER_BYTES = 4_096;

    /** What a cursor on packets holds. */
    static final int PACKET_BUFFER_BYTES = 65_536;

    /** Where nobody looks: no recording is that long, and beyond it file systems refuse to seek. */
    static final long MAX_BYTES = 1L << 40;

    /** Up to here it is cheaper to read on than to open another stream, which may be a request to a server. */
    private static final long NEAR_BYTES = 1 << 20;

    /** As much as the tables of some twenty minutes take. */
    private static final int MAX_COPIED_BYTES = 131_072;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final RecordingBytes bytes;
    private final byte[] buffer;

    /** Where in the recording the buffer begins, where in the buffer the place is, and where its bytes end. */
    private long bufferAt;

    private int from;
    private int to;

    /** The open stream and where it is; null: none was opened yet. */
    private InputStream in;

    private long streamAt;

    /** The end of what was read furthest into the recording, and the first byte that is known not to be there. */
    private long readTo;

    private long absentFrom = MAX_BYTES;

    Mp4Cursor(RecordingBytes bytes, int bufferBytes) {
        this(bytes, null, bufferBytes);
    }

    /**
     * @param in {@code bytes} opened at 0, which the cursor closes when it needs another stream
     */
    Mp4Cursor(RecordingBytes bytes, InputStream in, int bufferBytes) {
        this.bytes = bytes;
        this.in = in;
        this.buffer = new byte[bufferBytes];
    }

    /** The place: where in the recording the next byte is read. */
    long position() {
        return bufferAt + from;
    }

    /** Goes to that byte, whether it is there or not. */
    void seek(long offset) {
        if (offset >= bufferAt && offset <= bufferAt + to) {
            from = (int) (offset - bufferAt);
        } else {
            bufferAt = offset;
            from = 0;
            to = 0;
        }
    }

    /**
     * Whether the recording goes on for so many bytes; then they can be read as numbers.
     *
     * @param count no more than the buffer holds
     */
    boolean has(int count) throws IOException {
        if (to - from >= count) {
            return true;
        }
        if (position() >= absentFrom) {
            return false;
        }
        if (buffer.length - from < count) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            bufferAt += from;
            to -= from;
            from = 0;
        }
        moveStream();
        while (to - from < count) {
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) {
                // The end need not be here: streams can be skipped beyond it.
                absentFrom = Math.min(absentFrom, streamAt);
                return false;
            }
            to += read;
            streamAt += read;
            readTo = Math.max(readTo, streamAt);
        }
        return true;
    }

    /** The byte that far ahead, which {@link #has} has shown to be there; the place stays. */
    int peek(int ahead) {
        return buffer[from + ahead] & 0xFF;
    }

    int uint8() {
        return buffer[from++] & 0xFF;
    }

    int uint16() {
        int value = (short) SHORT.get(buffer, from) & 0xFFFF;
        from += Short.BYTES;
        return value;
    }

    int int32() {
        int value = (int) INT.get(buffer, from);
        from += Integer.BYTES;
        return value;
    }

    long uint32() {
        return int32() & 0xFFFF_FFFFL;
    }

    long int64() {
        long value = (long) LONG.get(buffer, from);
        from += Long.BYTES;
        return value;
    }

    /** Passes over bytes that {@link #has} has shown to be there. */
    void skip(int count) {
        from += count;
    }

    /** Reads {@code count} bytes, or as many as there are. What is allocated grows with what is really there. */
    byte[] read(int count) throws IOException {
        byte[] read = new byte[Math.min(count, buffer.length)];
        int length = 0;
        while (length < count && has(1)) {
            int piece = Math.min(to - from, count - length);
            if (read.length < length + piece) {
                read = Arrays.copyOf(read, Math.min(count, Math.max(2 * read.length, length + piece)));
            }
            System.arraycopy(buffer, from, read, length, piece);
            from += piece;
            length += piece;
        }
        return length == read.length ? read : Arrays.copyOf(read, length);
    }

    /**
     * The bytes of a box, to be opened anywhere in it: a copy if it is small, so that a short recording is opened once, else
     * the recording.
     *
     * @throws MalformedBoxException if the recording ends within it
     */
    RecordingBytes open(Mp4Box box) throws IOException, MalformedBoxException {
        long length = box.end() - box.offset();
        if (!isThere(box.end() - 1)) {
            throw new MalformedBoxException(box.offset(), "the recording ends within the box %s", box.type());
        }
        if (length > MAX_COPIED_BYTES) {
            return bytes;
        }
        seek(box.offset());
        byte[] copy = read((int) length);
        return offset -> {
            int at = (int) Math.min(copy.length, offset - box.offset());
            return new ByteArrayInputStream(copy, at, copy.length - at);
        };
    }

    /** Whether that byte is there. The place is at it afterwards. */
    boolean isThere(long offset) throws IOException {
        seek(offset);
        return has(1);
    }

    /** Whether it is known that the recording ends before that byte. */
    boolean isKnownToEndBefore(long end) {
        return end > absentFrom;
    }

    /** How long the recording is, in bytes. Where its end was not seen yet, it is looked for by halves. */
    long size() throws IOException {
        for (long step = 1; isThere(readTo + step - 1); step *= 2) {
            // Most ends are near.
        }
        while (readTo < absentFrom) {
            isThere(readTo + (absentFrom - readTo) / 2);
        }
        return readTo;
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
        }
    }

    /** Brings the stream to where the bytes of the buffer end. */
    private void moveStream() throws IOException {
        long wanted = bufferAt + to;
        if (in != null && wanted >= streamAt && wanted - streamAt <= NEAR_BYTES) {
            ForwardSkip.skip(in, wanted - streamAt);
        } else {
            if (in != null) {
                in.close();
                in = null;
            }
            in = bytes.open(wanted);
        }
        streamAt = wanted;
    }
}
