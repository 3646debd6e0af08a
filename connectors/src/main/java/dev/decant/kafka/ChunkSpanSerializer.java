package dev.decant.kafka;

import dev.decant.audio.RecordSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link ChunkSpan} in bytes. */
public final class ChunkSpanSerializer extends RecordSerializer<ChunkSpan> {
    static final ChunkSpanSerializer INSTANCE = new ChunkSpanSerializer();

    private ChunkSpanSerializer() {}

    @Override
    protected int version() {
        return 1;
    }

    @Override
    protected void write(ChunkSpan span, DataOutputView out) throws IOException {
        writePcmFormat(span.format(), out);
        out.writeInt(span.segment());
        out.writeLong(span.position());
        out.writeLong(span.end());
    }

    @Override
    protected ChunkSpan read(int version, DataInputView in) throws IOException {
        return new ChunkSpan(readPcmFormat(in), in.readInt(), in.readLong(), in.readLong());
    }

    @Override
    public TypeSerializerSnapshot<ChunkSpan> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ChunkSpan> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
