package dev.decant.opus;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Bytes that pass between an engine and its process: on the pipe four bytes of length, big-endian like every number in
 * it, then so many bytes. One message is used again and again.
 */
final class Message {
    /** Room for a packet and for 20 ms of any format; what is longer makes the message grow. */
    private static final int USUAL_BYTES = 8_192;

    /** A neural decoder's image has 200,000 bytes. What claims to be longer than this is no message. */
    private static final int MAX_BYTES = 32 << 20;

    /** Of the length, the first four; the content follows. */
    private ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + USUAL_BYTES);

    /** What came through the pipe is no message of ours. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    /** Empties the message, to be filled. */
    Message clear() {
        bytes.clear().position(Integer.BYTES);
        return this;
    }

    Message putByte(int value) {
        roomFor(Byte.BYTES).put((byte) value);
        return this;
    }

    Message putInt(int value) {
        roomFor(Integer.BYTES).putInt(value);
        return this;
    }

    Message putLong(long value) {
        roomFor(Long.BYTES).putLong(value);
        return this;
    }

    /** All of them, without a length. */
    Message putBytes(byte[] value) {
        roomFor(value.length).put(value);
        return this;
    }

    Message putText(String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return putInt(text.length).putBytes(text);
    }

    void writeTo(OutputStream out) throws IOException {
        bytes.putInt(0, bytes.position() - Integer.BYTES);
        out.write(bytes.array(), 0, bytes.position());
        out.flush();
    }

    /**
     * Reads the next message in place of this one. Takes no more memory than bytes come.
     *
     * @return false if the stream ends before it
     * @throws EOFException if the stream ends within it
     */
    boolean readFrom(InputStream in) throws IOException {
        int read = in.readNBytes(bytes.array(), 0, Integer.BYTES);
        if (read == 0) {
            return false;
        }
        int length = bytes.getInt(0);
        if (read < Integer.BYTES) {
            throw new EOFException("the length of a message ends after " + read + " bytes");
        }
        if (length < 1 || length > MAX_BYTES) {
            throw new MalformedException(length + " is no length of a message");
        }
        if (length > bytes.capacity() - Integer.BYTES) {
            byte[] content = in.readNBytes(length);
            read = content.length;
            clear().putBytes(content);
        } else {
            read = in.readNBytes(bytes.array(), Integer.BYTES, length);
        }
        if (read < length) {
            throw new EOFException("a message of " + length + " bytes ends after " + read);
        }
        bytes.limit(Integer.BYTES + length).position(Integer.BYTES);
        return true;
    }

    int getByte() throws IOException {
        return next(Byte.BYTES).get();
    }

    int getInt() throws IOException {
        return next(Integer.BYTES).getInt();
    }

    long getLong() throws IOException {
        return next(Long.BYTES).getLong();
    }

    /** All that are left. */
    byte[] getBytes() throws IOException {
        return getBytes(bytes.remaining());
    }

    /** All that are left, which must be {@code length}. */
    void getBytes(byte[] target, int length) throws IOException {
        if (bytes.remaining() != length || length > target.length) {
            throw new MalformedException(bytes.remaining() + " bytes left where " + length + " belong");
        }
        bytes.get(target, 0, length);
    }

    String getText() throws IOException {
        return new String(getBytes(getInt()), StandardCharsets.UTF_8);
    }

    /** The next {@code length}. */
    byte[] getBytes(int length) throws IOException {
        ByteBuffer from = next(length);
        byte[] value = new byte[length];
        from.get(value);
        return value;
    }

    private ByteBuffer next(int length) throws IOException {
        if (length < 0 || length > bytes.remaining()) {
            throw new MalformedException(length + " bytes in a message that has " + bytes.remaining() + " more");
        }
        return bytes;
    }

    private ByteBuffer roomFor(int length) {
        if (bytes.remaining() < length) {
            int needed = bytes.position() + length;
            ByteBuffer larger = ByteBuffer.allocate(Math.max(needed, 2 * bytes.capacity()));
            bytes = larger.put(bytes.flip());
        }
        return bytes;
    }
}
