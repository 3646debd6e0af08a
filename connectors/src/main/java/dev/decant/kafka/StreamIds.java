package dev.decant.kafka;

import dev.decant.audio.DeadLetter.Reason;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Stream IDs in record keys: UTF-8, 1 to 512 bytes. */
final class StreamIds {
    static final int MAX_BYTES = 512;

    private StreamIds() {}

    /**
     * The stream ID in a record's key.
     *
     * @throws MalformedRecordException if {@code key} is null, empty, too long or not UTF-8
     */
    static String read(byte[] key) throws MalformedRecordException {
        if (key == null || key.length == 0) {
            throw malformed("the record has no key: a stream ID of 1 to " + MAX_BYTES + " bytes is needed");
        }
        if (key.length > MAX_BYTES) {
            throw malformed("the key has " + key.length + " bytes: a stream ID has at most " + MAX_BYTES);
        }
        for (byte b : key) {
            if (b < 0) {
                return decode(key);
            }
        }
        // ASCII is the usual case, and in this charset a plain copy.
        return new String(key, StandardCharsets.ISO_8859_1);
    }

    private static String decode(byte[] key) throws MalformedRecordException {
        try {
            // A new decoder reports what is malformed; the constructor of String would replace it.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("the key is not UTF-8: a stream ID is UTF-8 text of 1 to " + MAX_BYTES + " bytes");
        }
    }

    /**
     * Makes sure that what was made of a key is not too long to be a key itself: that of PCM.
     *
     * @throws MalformedRecordException if {@code streamId} has more than 512 bytes
     */
    static void requireLength(String streamId) throws MalformedRecordException {
        int maxBytesPerChar = 3;
        if (streamId.length() * maxBytesPerChar <= MAX_BYTES) {
            return;
        }
        int length = streamId.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            throw malformed("with its SSRC the stream ID has " + length + " bytes: it has at most " + MAX_BYTES);
        }
    }

    /**
     * The key for a stream ID.
     *
     * @throws IllegalArgumentException if it is empty, longer than 512 bytes, or no text (a lone surrogate)
     */
    static byte[] toBytes(String streamId) {
        ByteBuffer encoded;
        try {
            encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(streamId));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the stream ID holds half a surrogate pair: take UTF-8 text", e);
        }
        int length = encoded.remaining();
        if (length == 0 || length > MAX_BYTES) {
            throw new IllegalArgumentException("the stream ID has " + length + " bytes: take 1 to " + MAX_BYTES);
        }
        byte[] key = new byte[length];
        encoded.get(key);
        return key;
    }

    private static MalformedRecordException malformed(String message) {
        return new MalformedRecordException(Reason.MALFORMED_KEY, message);
    }
}
