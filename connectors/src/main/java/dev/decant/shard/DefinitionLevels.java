package dev.decant.shard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The definition levels of a data page of version 1: how much of a column's path each value has, which for a column
 * without lists is all of it, or null. Runs of one level each (Parquet format, "Encodings", run length encoding with its
 * length before it).
 */
final class DefinitionLevels {
    /** The lowest bit of a run's head tells runs of one value from packed ones. */
    private static final int RUN_SHIFT = 1;

    private static final int LOW_SEVEN_BITS = 0x7F;

    private final ByteArrayOutputStream runs = new ByteArrayOutputStream();
    private int runLevel;
    private int runLength;

    /** The levels of a page of one value, which is there. */
    static byte[] ofOne(int level) {
        DefinitionLevels levels = new DefinitionLevels();
        levels.add(level);
        return levels.toBytes();
    }

    /**
     * @param level 0 for a null; small enough for one byte
     */
    void add(int level) {
        if (level != runLevel) {
            endRun();
            runLevel = level;
        }
        runLength++;
    }

    /** All levels; nothing can be added after it. */
    byte[] toBytes() {
        endRun();
        return ByteBuffer.allocate(Integer.BYTES + runs.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(runs.size())
                .put(runs.toByteArray())
                .array();
    }

    private void endRun() {
        if (runLength == 0) {
            return;
        }
        int head = runLength << RUN_SHIFT;
        while (head > LOW_SEVEN_BITS) {
            runs.write(head & LOW_SEVEN_BITS | ~LOW_SEVEN_BITS);
            head >>>= 7;
        }
        runs.write(head);
        runs.write(runLevel);
        runLength = 0;
    }
}
