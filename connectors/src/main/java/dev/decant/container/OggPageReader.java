package dev.decant.container;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The pages of an Ogg file (RFC 3533, section 6), one after the other, of all logical streams. Only whole pages with a
 * right checksum are given; after damage the next such page is searched for, and what lay between is a problem.
 */
final class OggPageReader extends WindowedReader {
    /** A header of 27 bytes, 255 lacing values, 255 segments of 255 bytes. */
    static final int MAX_PAGE_BYTES = 27 + 255 + 255 * 255;

    private static final int FIXED_HEADER_BYTES = 27;
    private static final int CHECKSUM_AT = 22;
    private static final int CAPTURE_PATTERN = 'O' | 'g' << 8 | 'g' << 16 | 'S' << 24;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ProblemList problems;

    private int pageBytes;

    OggPageReader(InputStream in, ProblemList problems) {
        // Two pages long, so that most pages are read without moving bytes.
        super(in, 2 * MAX_PAGE_BYTES);
        this.problems = problems;
    }

    /** Goes to the next whole page; false: there is none. */
    boolean next() throws IOException {
        from += pageBytes;
        pageBytes = 0;
        long lostFrom = -1;
        String end = null;
        while (true) {
            if (!fill(FIXED_HEADER_BYTES)) {
                return endOfFile(lostFrom, end);
            }
            if (isCapturePattern()) {
                int bytes = fill(FIXED_HEADER_BYTES + segments()) ? statedBytes() : FIXED_HEADER_BYTES + segments();
                if (fill(bytes)) {
                    if (checksum(bytes) == (int) INT.get(buffer, from + CHECKSUM_AT)) {
                        pageBytes = bytes;
                        reportLost(lostFrom);
                        return true;
                    }
                } else if (lostFrom < 0) {
                    end = "the recording ends within a page, %d of at least %d bytes".formatted(to - from, bytes);
                }
            }
            if (lostFrom < 0) {
                lostFrom = offset();
            }
            from++;
            skipToCapturePattern();
        }
    }

    /** Where the page begins in the file. */
    long offset() {
        return before + from;
    }

    /** Whether the page begins with the rest of a packet. */
    boolean continued() {
        return (buffer[from + 5] & 1) != 0;
    }

    /** Whether it is the first page of a logical stream. */
    boolean beginsStream() {
        return (buffer[from + 5] & 2) != 0;
    }

    /** Whether it is the last page of a logical stream. */
    boolean endsStream() {
        return (buffer[from + 5] & 4) != 0;
    }

    /** The position at the end of the last packet that ends on the page; -1: none does. */
    long granulePosition() {
        return (long) LONG.get(buffer, from + 6);
    }

    /** Which logical stream it belongs to. */
    int serialNumber() {
        return (int) INT.get(buffer, from + 14);
    }

    /** Counts the pages of a logical stream. */
    int sequenceNumber() {
        return (int) INT.get(buffer, from + 18);
    }

    /** How many segments it has: 0 to 255. */
    int segments() {
        return buffer[from + 26] & 0xFF;
    }

    /** The length of a segment: 0 to 255 bytes; below 255 a packet ends with it. */
    int segmentBytes(int segment) {
        return buffer[from + FIXED_HEADER_BYTES + segment] & 0xFF;
    }

    /** Where the first segment begins, in bytes from the start of the page. */
    int bodyAt() {
        return FIXED_HEADER_BYTES + segments();
    }

    /** Copies bytes of the page. */
    void copy(int at, byte[] target, int targetAt, int length) {
        System.arraycopy(buffer, from + at, target, targetAt, length);
    }

    private boolean isCapturePattern() {
        return (int) INT.get(buffer, from) == CAPTURE_PATTERN && buffer[from + 4] == 0;
    }

    private void skipToCapturePattern() {
        while (from <= to - 5 && !isCapturePattern()) {
            from++;
        }
    }

    private int statedBytes() {
        int bytes = FIXED_HEADER_BYTES + segments();
        for (int segment = 0, segments = segments(); segment < segments; segment++) {
            bytes += segmentBytes(segment);
        }
        return bytes;
    }

    /** The checksum of the page as if its own field were zero. */
    private int checksum(int bytes) {
        int checksum = OggChecksum.update(0, buffer, from, from + CHECKSUM_AT);
        checksum = OggChecksum.updateZeros(checksum, Integer.BYTES);
        return OggChecksum.update(checksum, buffer, from + CHECKSUM_AT + Integer.BYTES, from + bytes);
    }

    private void reportLost(long lostFrom) {
        if (lostFrom >= 0) {
            problems.damage(lostFrom, "%d bytes are damaged and were skipped", offset() - lostFrom);
        }
    }

    private boolean endOfFile(long lostFrom, String end) {
        long left = before + to - offset();
        if (end != null) {
            problems.damage(lostFrom, "%s", end);
        } else if (lostFrom >= 0 || left > 0) {
            long start = lostFrom >= 0 ? lostFrom : offset();
            problems.damage(start, "the last %d bytes are no whole Ogg page", before + to - start);
        }
        from = to;
        return false;
    }
}
