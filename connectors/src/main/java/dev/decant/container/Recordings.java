package dev.decant.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Opens recordings. */
public final class Recordings {
    private static final byte[] OGG = "OggS".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EBML = {0x1A, 0x45, (byte) 0xDF, (byte) 0xA3};
    private static final int SNIFFED_BYTES = 8;

    private Recordings() {}

    /**
     * Opens a recording and reads its first header.
     *
     * @param bytes where they are; what is opened of them is closed with the recording, and here if opening fails
     * @param path what messages and the origin of the packets call the recording
     * @param streamId the stream ID of its packets, not empty
     * @throws RecordingException if it is no Opus recording, or damaged so early that nothing can be read
     * @throws IOException if the bytes cannot be read
     * @throws IllegalArgumentException if the stream ID is empty
     */
    public static Recording open(RecordingBytes bytes, String path, String streamId, ReadingSettings settings)
            throws IOException {
        if (streamId.isEmpty()) {
            throw new IllegalArgumentException("the stream ID of " + path + " is empty: take at least 1 character");
        }
        InputStream in = bytes.open(0);
        try {
            PushbackInputStream all = new PushbackInputStream(in, SNIFFED_BYTES);
            byte[] start = all.readNBytes(SNIFFED_BYTES);
            all.unread(start);
            if (begins(start, EBML)) {
                return MatroskaRecording.open(all, path, streamId, settings);
            }
            if (Mp4Box.begins(start)) {
                return Mp4Recording.open(all, bytes, path, streamId, settings);
            }
            requireOgg(start, path);
            return OggRecording.open(all, path, streamId, settings);
        } catch (IOException | RuntimeException failure) {
            try {
                in.close();
            } catch (IOException close) {
                failure.addSuppressed(close);
            }
            throw failure;
        }
    }

    private static void requireOgg(byte[] start, String path) throws RecordingException {
        if (begins(start, OGG)) {
            return;
        }
        if (start.length == 0) {
            throw new RecordingException(path, 0, "the file is empty: an Opus recording is needed");
        }
        throw new RecordingException(path, 0, "not an Opus recording: it begins with " + shown(start));
    }

    private static boolean begins(byte[] start, byte[] magic) {
        return start.length >= magic.length && Arrays.equals(start, 0, magic.length, magic, 0, magic.length);
    }

    /** The first four bytes: as text if they are, "RIFF" for instance, else in hexadecimal. */
    private static String shown(byte[] start) {
        byte[] first = Arrays.copyOf(start, Math.min(4, start.length));
        for (byte octet : first) {
            if (octet < '!' || octet > '~') {
                return "bytes " + HexFormat.ofDelimiter(" ").formatHex(first);
            }
        }
        return new String(first, StandardCharsets.US_ASCII);
    }
}
