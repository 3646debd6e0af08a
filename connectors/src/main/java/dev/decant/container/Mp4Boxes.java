package dev.decant.container;

import java.io.IOException;

/** The boxes that stand one after the other within another one. Each is skipped unless somebody enters it. */
final class Mp4Boxes {
    private final Mp4Cursor cursor;
    private final long end;
    private long nextAt;

    /** The boxes in all of {@code parent}. */
    Mp4Boxes(Mp4Cursor cursor, Mp4Box parent) {
        this(cursor, parent, 0);
    }

    /**
     * The boxes behind the fields of {@code parent}.
     *
     * @param fieldBytes how many bytes of fields are before the first box
     */
    Mp4Boxes(Mp4Cursor cursor, Mp4Box parent, int fieldBytes) {
        this.cursor = cursor;
        this.nextAt = parent.contentAt() + fieldBytes;
        this.end = parent.end();
    }

    /** The next box, or null; the cursor may have been moved between. */
    Mp4Box next() throws IOException, MalformedBoxException {
        // QuickTime ends some lists of boxes with four bytes of zero.
        if (end - nextAt < Mp4Box.HEADER_BYTES) {
            return null;
        }
        Mp4Box box = Mp4Box.read(cursor, nextAt, end);
        nextAt = box.end();
        return box;
    }
}
