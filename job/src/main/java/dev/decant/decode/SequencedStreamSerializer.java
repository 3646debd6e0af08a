package dev.decant.decode;

import dev.decant.audio.OpusHead;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.RecordSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link SequencedStream} in bytes. Version 1 knew nothing of record times: the stream's next packet brings its own. */
public final class SequencedStreamSerializer extends RecordSerializer<SequencedStream> {
    static final SequencedStreamSerializer INSTANCE = new SequencedStreamSerializer();

    private SequencedStreamSerializer() {}

    @Override
    protected int version() {
        return 2;
    }

    @Override
    protected void write(SequencedStream stream, DataOutputView out) throws IOException {
        out.writeLong(stream.linkNumber());
        writeBytes(stream.head() == null ? null : stream.head().toBytes(), out);
        DecodeStepSerializer.writeLink(stream.link(), out);
        out.writeInt(stream.segment());
        out.writeLong(stream.clock());
        out.writeInt(stream.usualTicks());
        out.writeBoolean(stream.hasTimer());
        if (stream.hasTimer()) {
            out.writeLong(stream.lastRecordTime());
            writeOrigin(stream.lastOrigin(), out);
            out.writeLong(stream.timer());
            out.writeBoolean(stream.idle());
        }
    }

    @Override
    protected SequencedStream read(int version, DataInputView in) throws IOException {
        long linkNumber = in.readLong();
        byte[] headBytes = readBytes(in);
        OpusHead head = headBytes == null ? null : OpusHead.parse(headBytes);
        LinkSettings link = DecodeStepSerializer.readLink(in);
        int segment = in.readInt();
        long clock = in.readLong();
        int usualTicks = in.readInt();
        boolean hasTimer = version >= 2 && in.readBoolean();
        return new SequencedStream(
                linkNumber,
                head,
                link,
                segment,
                clock,
                usualTicks,
                hasTimer ? in.readLong() : PacketOrigin.NO_TIME,
                hasTimer ? readOrigin(in) : null,
                hasTimer ? in.readLong() : SequencedStream.NO_TIMER,
                hasTimer && in.readBoolean());
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
