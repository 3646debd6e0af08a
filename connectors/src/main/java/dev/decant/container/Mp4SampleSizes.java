package dev.decant.container;

import java.io.IOException;

/** How long each sample is: a Sample Size Box or a compact one (ISO 14496-12, section 8.7.3). */
final class Mp4SampleSizes {
    /** Flags and version, a size or its width, the number of samples. */
    private static final int FIELD_BYTES = 12;

    private final Mp4Table table;

    /** The size of all samples, if they have one; else 0. */
    private final long commonSize;

    /** How many bits a size has. */
    private final int bits;

    /** How many samples are left. */
    private long left;

    /** With 4 bits: the row whose second half is not read yet; -1: there is none. */
    private int halfRow = -1;

    private Mp4SampleSizes(Mp4Table table, long commonSize, int bits, long samples) {
        this.table = table;
        this.commonSize = commonSize;
        this.bits = bits;
        this.left = samples;
    }

    /**
     * Opens the box {@code stsz} or {@code stz2}.
     *
     * @param cursor its own
     */
    static Mp4SampleSizes open(Mp4Cursor cursor, Mp4Box box, ProblemList problems)
            throws IOException, MalformedBoxException {
        box.enter(cursor, FIELD_BYTES);
        cursor.skip(Integer.BYTES);
        long commonSize = 0;
        int bits = Integer.SIZE;
        if (box.is("stsz")) {
            commonSize = cursor.uint32();
        } else {
            bits = cursor.int32() & 0xFF;
            if (bits != 4 && bits != 8 && bits != 16) {
                throw new MalformedBoxException(
                        box.offset(), "the box stz2 has sizes of %d bits: 4, 8 or 16 are possible", bits);
            }
        }
        long samples = cursor.uint32();
        if (commonSize == 0) {
            long room = (box.contentBytes() - FIELD_BYTES) * Byte.SIZE / bits;
            samples = Mp4Table.fitting(box, samples, room, problems);
        }
        int rowBytes = Math.max(1, bits / Byte.SIZE);
        long rows = (samples * bits + Byte.SIZE - 1) / (rowBytes * Byte.SIZE);
        Mp4Table table = new Mp4Table(cursor, box.contentAt() + FIELD_BYTES, rowBytes, commonSize > 0 ? 0 : rows);
        return new Mp4SampleSizes(table, commonSize, bits, samples);
    }

    /** How many samples are left. */
    long left() {
        return left;
    }

    /** The size of the next sample in bytes; there must be one. */
    long next() throws IOException {
        left--;
        if (commonSize > 0) {
            return commonSize;
        }
        if (halfRow >= 0) {
            int size = halfRow & 0xF;
            halfRow = -1;
            return size;
        }
        if (!table.next()) {
            left = 0;
            return 0;
        }
        return switch (bits) {
            case 4 -> {
                halfRow = table.uint8();
                yield halfRow >> 4;
            }
            case 8 -> table.uint8();
            case 16 -> table.uint16();
            default -> table.uint32();
        };
    }

    /** Passes over samples; no more of them than are {@link #left}. */
    void skip(long samples) throws IOException {
        if (commonSize > 0) {
            left -= samples;
            return;
        }
        long whole = samples;
        if (bits == 4) {
            // Two in a row: what begins or ends within one is read.
            if (whole > 0 && halfRow >= 0) {
                next();
                whole--;
            }
            table.skip(whole / 2);
            left -= whole / 2 * 2;
            if (whole % 2 != 0) {
                next();
            }
            return;
        }
        table.skip(whole);
        left -= whole;
    }
}
