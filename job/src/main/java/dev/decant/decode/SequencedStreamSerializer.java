package dev.decant.decode;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.OpusHead;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.RecordSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * {@link SequencedStream} in bytes. Version 1 knew nothing of record times: the stream's next packet brings its own. Version
 * 2 knew plain decoders only, and refused the links that take another one.
 */
public final class SequencedStreamSerializer extends RecordSerializer<SequencedStream> {
    static final SequencedStreamSerializer INSTANCE = new SequencedStreamSerializer();

    private SequencedStreamSerializer() {}

    @Override
    protected int version() {
        return 3;
    }

    @Override
    protected void write(SequencedStream stream, DataOutputView out) throws IOException {
        out.writeLong(stream.linkNumber());
        writeBytes(stream.head() == null ? null : stream.head().toBytes(), out);
        writeText(stream.refusal(), out);
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
        String refusal = version >= 3 ? readText(in) : refusalOfOld(head);
        LinkSettings link = version >= 3 ? DecodeStepSerializer.readLink(in) : DecodeStepSerializer.readPlainLink(in);
        int segment = in.readInt();
        long clock = in.readLong();
        int usualTicks = in.readInt();
        boolean hasTimer = version >= 2 && in.readBoolean();
        return new SequencedStream(
                linkNumber,
                head,
                refusal,
                link,
                segment,
                clock,
                usualTicks,
                hasTimer ? in.readLong() : PacketOrigin.NO_TIME,
                hasTimer ? readOrigin(in) : null,
                hasTimer ? in.readLong() : SequencedStream.NO_TIMER,
                hasTimer && in.readBoolean());
    }

    private static String refusalOfOld(OpusHead head) {
        return ChannelLayout.isForPlainDecoder(head)
                ? null
                : "the header says " + head.channels() + " channels in " + head.streamCount()
                        + " streams, which the version of Decant that the link began with could not decode";
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
