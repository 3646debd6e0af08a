package dev.decant.shard;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.Type;

/**
 * The columns of a shard, once for Parquet and once for {@code datasets}. Everything is optional though only
 * {@code container} and {@code error} are ever null: that is the schema which {@code datasets} gives what it writes
 * itself, so that shards and other files make one data set.
 */
final class ShardSchema {
    private static final String AUDIO = "audio";

    /** The column of the audio files. */
    static final List<String> AUDIO_BYTES = List.of(AUDIO, "bytes");

    private static final ShardColumn AUDIO_PATH = ShardColumn.string(List.of(AUDIO, "path"), ShardRow::audioPath);

    private static final List<ShardColumn> METADATA = List.of(
            ShardColumn.string("path", ShardRow::path),
            ShardColumn.int32("sampling_rate", row -> row.format().rate()),
            ShardColumn.int32("channels", row -> row.format().channels()),
            ShardColumn.int64("samples", ShardRow::samples),
            ShardColumn.float64("seconds", ShardRow::seconds),
            ShardColumn.string("container", ShardRow::container),
            ShardColumn.int64("packets", ShardRow::packets),
            ShardColumn.float64("concealed_seconds", ShardRow::concealedSeconds),
            ShardColumn.string("status", row -> row.status().label()),
            ShardColumn.string("error", ShardRow::error),
            ShardColumn.string("sha256", ShardRow::sha256));

    /** The columns behind the audio, in the order of the schema. */
    static final List<ShardColumn> HELD = held();

    private ShardSchema() {}

    /** The schema of Parquet, depth first. */
    static List<SchemaElement> elements() {
        List<SchemaElement> elements = new ArrayList<>();
        elements.add(new SchemaElement("schema").setNum_children(1 + METADATA.size()));
        elements.add(optional(AUDIO).setNum_children(2));
        elements.add(optional("bytes").setType(Type.BYTE_ARRAY));
        elements.add(element(AUDIO_PATH));
        METADATA.forEach(column -> elements.add(element(column)));
        return elements;
    }

    /**
     * The features of {@code datasets}, as JSON under the key "huggingface" of the file's metadata. Without them the audio
     * would be a struct of bytes. {@code mono} keeps versions before 4 from mixing channels, later ones ignore it.
     */
    static String features() {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        ObjectNode features = root.putObject("info").putObject("features");
        features.putObject(AUDIO).put("mono", false).put("_type", "Audio");
        METADATA.forEach(column ->
                features.putObject(column.name()).put("dtype", column.dtype()).put("_type", "Value"));
        return root.toString();
    }

    private static List<ShardColumn> held() {
        List<ShardColumn> held = new ArrayList<>(List.of(AUDIO_PATH));
        held.addAll(METADATA);
        return List.copyOf(held);
    }

    private static SchemaElement element(ShardColumn column) {
        SchemaElement element = optional(column.name()).setType(column.type());
        if (column.type() == Type.BYTE_ARRAY) {
            // Twice: the older name for readers that do not know the newer one.
            element.setConverted_type(ConvertedType.UTF8).setLogicalType(LogicalType.STRING(new StringType()));
        }
        return element;
    }

    private static SchemaElement optional(String name) {
        return new SchemaElement(name).setRepetition_type(FieldRepetitionType.OPTIONAL);
    }
}
