package dev.decant.shard;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.apache.parquet.format.Type;

/**
 * A column of small values.
 *
 * @param path its names from the root of the schema; all of them are optional, so their number is the definition level
 * @param type how Parquet stores it; {@code BYTE_ARRAY} is UTF-8
 * @param dtype how {@code datasets} calls the type
 * @param values puts a row's value into a page
 */
record ShardColumn(List<String> path, Type type, String dtype, BiConsumer<ShardRow, PlainPage> values) {

    static ShardColumn string(List<String> path, Function<ShardRow, String> value) {
        return new ShardColumn(path, Type.BYTE_ARRAY, "string", (row, page) -> page.addString(value.apply(row)));
    }

    static ShardColumn string(String name, Function<ShardRow, String> value) {
        return string(List.of(name), value);
    }

    static ShardColumn int32(String name, ToIntFunction<ShardRow> value) {
        return new ShardColumn(List.of(name), Type.INT32, "int32", (row, page) -> page.addInt(value.applyAsInt(row)));
    }

    static ShardColumn int64(String name, ToLongFunction<ShardRow> value) {
        return new ShardColumn(List.of(name), Type.INT64, "int64", (row, page) -> page.addLong(value.applyAsLong(row)));
    }

    static ShardColumn float64(String name, ToDoubleFunction<ShardRow> value) {
        return new ShardColumn(
                List.of(name), Type.DOUBLE, "float64", (row, page) -> page.addDouble(value.applyAsDouble(row)));
    }

    /** The last of its names. */
    String name() {
        return path.get(path.size() - 1);
    }
}
