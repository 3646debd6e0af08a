package dev.decant.shard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The values of one column in one data page of version 1, PLAIN (Parquet format, "Data Pages" and "Encodings"). */
final class PlainPage {
    private final int level;
    private final DefinitionLevels levels = new DefinitionLevels();
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();

    /**
     * @param level the definition level of a value that is there
     */
    PlainPage(int level) {
        this.level = level;
    }

    /**
     * @param value null for none
     */
    void addString(String value) {
        if (value == null) {
            levels.add(0);
            return;
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        add(littleEndian(Integer.BYTES).putInt(utf8.length));
        values.writeBytes(utf8);
    }

    void addInt(int value) {
        add(littleEndian(Integer.BYTES).putInt(value));
    }

    void addLong(long value) {
        add(littleEndian(Long.BYTES).putLong(value));
    }

    void addDouble(double value) {
        add(littleEndian(Double.BYTES).putDouble(value));
    }

    /** The page without its header; nothing can be added after it. */
    byte[] toBytes() {
        byte[] levelBytes = levels.toBytes();
        return ByteBuffer.allocate(levelBytes.length + values.size())
                .put(levelBytes)
                .put(values.toByteArray())
                .array();
    }

    private void add(ByteBuffer value) {
        levels.add(level);
        values.writeBytes(value.array());
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
