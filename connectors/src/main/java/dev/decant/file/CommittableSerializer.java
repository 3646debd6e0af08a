package dev.decant.file;

import dev.decant.audio.RecordSerializer;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** A record's bytes as those of a committable; their own version stands in their first byte. */
final class CommittableSerializer<T> implements SimpleVersionedSerializer<T> {
    private static final int VERSION = 1;

    private final RecordSerializer<T> records;

    CommittableSerializer(RecordSerializer<T> records) {
        this.records = records;
    }

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(T record) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        records.serialize(record, out);
        return out.getCopyOfBuffer();
    }

    @Override
    public T deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException(
                    "A committable of version " + version + ": this Decant reads version 1, so a newer one wrote it");
        }
        return records.deserialize(new DataInputDeserializer(bytes));
    }
}
