package dev.decant.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Where a box of an MP4 is (ISO 14496-12, section 4.2); what is in it, has not been looked at.
 *
 * @param type its four characters, each a byte
 * @param offset where it begins in the recording, in bytes
 * @param contentAt where its header ends
 * @param end where it ends; never behind the end of what holds it, but of a box in nothing that may be anywhere
 */
record Mp4Box(String type, long offset, long contentAt, long end) {
    static final int HEADER_BYTES = 8;

    /** The end of what holds the boxes that nothing holds. */
    static final long NOWHERE = Long.MAX_VALUE;

    /** What recordings are known to begin with. */
    private static final Set<String> FIRST_TYPES = Set.of(
            "ftyp", "styp", "moov", "moof", "free", "skip", "wide", "mdat", "sidx", "emsg", "prft", "pnot", "uuid");

    private static final int TYPE_BYTES = 4;

    /** Whether these first bytes of a recording are the header of a box with which an MP4 begins. */
    static boolean begins(byte[] start) {
        return start.length >= HEADER_BYTES
                && FIRST_TYPES.contains(new String(start, Integer.BYTES, TYPE_BYTES, StandardCharsets.ISO_8859_1));
    }

    /**
     * Reads the header of a box.
     *
     * @param offset where it begins
     * @param limit where what holds it ends, or {@link #NOWHERE}
     */
    static Mp4Box read(Mp4Cursor cursor, long offset, long limit) throws IOException, MalformedBoxException {
        cursor.seek(offset);
        requireHeader(cursor, offset);
        long bytes = cursor.uint32();
        String type = type(cursor);
        if (bytes == 1) {
            requireHeader(cursor, offset);
            bytes = cursor.int64();
        } else if (bytes == 0) {
            // To the end.
            return new Mp4Box(type, offset, cursor.position(), limit);
        }
        long contentAt = cursor.position();
        if (bytes < contentAt - offset) {
            throw new MalformedBoxException(offset, "the box %s has %d bytes, less than its header", name(type), bytes);
        }
        if (bytes > limit - offset) {
            throw new MalformedBoxException(offset, "the box %s is longer than the one around it", name(type));
        }
        return new Mp4Box(type, offset, contentAt, offset + bytes);
    }

    /** Reads the four characters of a type. */
    static String type(Mp4Cursor cursor) {
        char[] type = new char[TYPE_BYTES];
        for (int i = 0; i < TYPE_BYTES; i++) {
            type[i] = (char) cursor.uint8();
        }
        return new String(type);
    }

    /** A type for people, whatever is in it. */
    static String name(String type) {
        StringBuilder name = new StringBuilder();
        type.chars().forEach(c -> name.append(c >= ' ' && c <= '~' ? (char) c : '?'));
        return name.toString().strip();
    }

    /** Whether the type is one that somebody may have meant. */
    boolean isPlausible() {
        return type.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    boolean is(String other) {
        return type.equals(other);
    }

    /** How many bytes it holds. */
    long contentBytes() {
        return end - contentAt;
    }

    /** Goes to the first byte of the content, and sees to it that so many bytes can be read there as numbers. */
    void enter(Mp4Cursor cursor, int bytes) throws IOException, MalformedBoxException {
        cursor.seek(contentAt);
        if (contentBytes() < bytes) {
            throw new MalformedBoxException(
                    offset, "the box %s holds %d bytes: at least %d are needed", name(type), contentBytes(), bytes);
        }
        if (!cursor.has(bytes)) {
            throw new MalformedBoxException(offset, "the recording ends within the box %s", name(type));
        }
    }

    /**
     * Goes behind the two times with which the boxes {@code mvhd}, {@code tkhd} and {@code mdhd} begin.
     *
     * @param bytes how many bytes of what follows are needed
     * @return whether it is of a version whose times and durations have 8 bytes, not 4
     */
    boolean enterBehindTimes(Mp4Cursor cursor, int bytes) throws IOException, MalformedBoxException {
        enter(cursor, 1);
        boolean large = cursor.peek(0) == 1;
        int timesBytes = Integer.BYTES + 2 * (large ? Long.BYTES : Integer.BYTES);
        enter(cursor, timesBytes + bytes);
        cursor.skip(timesBytes);
        return large;
    }

    private static void requireHeader(Mp4Cursor cursor, long offset) throws IOException, MalformedBoxException {
        if (!cursor.has(HEADER_BYTES)) {
            throw new MalformedBoxException(offset, "the recording ends within the header of a box");
        }
    }
}
