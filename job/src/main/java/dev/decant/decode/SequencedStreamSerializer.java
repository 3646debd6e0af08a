package dev.decant.decode;

import dev.decant.audio.OpusHead;
import dev.decant.audio.RecordSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link SequencedStream} in bytes. */
public final class SequencedStreamSerializer extends RecordSerializer<SequencedStream> {
    static final SequencedStreamSerializer INSTANCE = new SequencedStreamSerializer();

    private SequencedStreamSerializer() {}

    @Override
    protected int version() {
        return 1;
    }

    @Override
    protected void write(SequencedStream stream, DataOutputView out) throws IOException {
        out.writeLong(stream.linkNumber());
        writeBytes(stream.head() == null ? null : stream.head().toBytes(), out);
        DecodeStepSerializer.writeLink(stream.link(), out);
        out.writeInt(stream.segment());
        out.writeLong(stream.clock());
        out.writeInt(stream.usualTicks());
    }

    @Override
    protected SequencedStream read(int version, DataInputView in) throws IOException {
        long linkNumber = in.readLong();
        byte[] head = readBytes(in);
        return new SequencedStream(
                linkNumber,
                head == null ? null : OpusHead.parse(head),
                DecodeStepSerializer.readLink(in),
                in.readInt(),
                in.readLong(),
                in.readInt());
    }

    @Override
    public TypeSerializerSnapshot<SequencedStream> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SequencedStream> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
