package dev.decant.container;

import java.io.IOException;

/**
 * The rows of a table in a box, read as they are needed and never held. The numbers of a row are read from it in order,
 * after {@link #next}.
 */
final class Mp4Table {
    private final Mp4Cursor cursor;
    private final int rowBytes;
    private long nextAt;
    private long left;

    /**
     * @param cursor its own: nobody else moves it, and whoever opened it closes it
     * @param rowsAt where in the recording the first row begins
     * @param rows how many there are
     */
    Mp4Table(Mp4Cursor cursor, long rowsAt, int rowBytes, long rows) {
        this.cursor = cursor;
        this.rowBytes = rowBytes;
        this.nextAt = rowsAt;
        this.left = rows;
    }

    /**
     * The table of a box whose fields end with the number of its rows, as those of most do.
     *
     * @param fieldBytes how many bytes stand before the first row, that number included
     * @throws MalformedBoxException if the box has no room for its fields
     */
    static Mp4Table of(Mp4Cursor cursor, Mp4Box box, int fieldBytes, int rowBytes, ProblemList problems)
            throws IOException, MalformedBoxException {
        box.enter(cursor, fieldBytes);
        cursor.skip(fieldBytes - Integer.BYTES);
        long rows = fitting(box, cursor.uint32(), (box.contentBytes() - fieldBytes) / rowBytes, problems);
        return new Mp4Table(cursor, box.contentAt() + fieldBytes, rowBytes, rows);
    }

    /** How many of the rows that a box says it has there is room for; that they are fewer is a problem. */
    static long fitting(Mp4Box box, long rows, long room, ProblemList problems) {
        if (rows > room) {
            problems.damage(box.offset(), "the box %s says that it has %d rows: it holds %d", box.type(), rows, room);
        }
        return Math.min(rows, room);
    }

    /** Goes to the next row; false: there is none. */
    boolean next() throws IOException {
        if (left == 0) {
            return false;
        }
        cursor.seek(nextAt);
        if (!cursor.has(rowBytes)) {
            left = 0;
            return false;
        }
        left--;
        nextAt += rowBytes;
        return true;
    }

    /** Passes over rows; no more of them than are {@link #left}. */
    void skip(long rows) {
        left -= rows;
        nextAt += rows * rowBytes;
    }

    /** How many rows are left. */
    long left() {
        return left;
    }

    int uint8() {
        return cursor.uint8();
    }

    int uint16() {
        return cursor.uint16();
    }

    int int32() {
        return cursor.int32();
    }

    long uint32() {
        return cursor.uint32();
    }

    long int64() {
        return cursor.int64();
    }
}
