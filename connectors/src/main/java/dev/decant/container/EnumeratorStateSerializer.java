package dev.decant.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** {@link EnumeratorState} in bytes. */
final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(EnumeratorState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        WalkPlace place = state.place();
        RecordingBatchSerializer.writeText(place.name(), out);
        out.writeLong(place.line());
        out.writeLong(place.found());
        out.writeLong(place.skipped());
        out.writeLong(place.bytes());
        out.writeInt(state.returned().size());
        for (RecordingBatch batch : state.returned()) {
            RecordingBatchSerializer.write(batch, out);
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public EnumeratorState deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException("the place in a folder of recordings of version " + version
                    + ": this Decant reads version 1, so a newer one wrote it");
        }
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        WalkPlace place = new WalkPlace(
                RecordingBatchSerializer.readText(in), in.readLong(), in.readLong(), in.readLong(), in.readLong());
        int count = in.readInt();
        List<RecordingBatch> returned = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            returned.add(RecordingBatchSerializer.read(in));
        }
        return new EnumeratorState(place, returned);
    }
}
