package dev.decant.decode;

import dev.decant.audio.ChannelLayoutSerializer;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.OpusPacketSerializer;
import dev.decant.audio.RecordSerializer;
import dev.decant.decode.DecodeStep.Kind;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * {@link DecodeStep} in bytes. The numbers of the kinds are part of version 1: the list grows at the end. Version 1 had of
 * the packet its payload, its final range and its origin, and knew plain decoders only.
 */
public final class DecodeStepSerializer extends RecordSerializer<DecodeStep> {
    public static final DecodeStepSerializer INSTANCE = new DecodeStepSerializer();

    private static final Kind[] KINDS = Kind.values();

    private DecodeStepSerializer() {}

    @Override
    protected int version() {
        return 2;
    }

    @Override
    protected void write(DecodeStep step, DataOutputView out) throws IOException {
        out.writeByte(step.kind().ordinal());
        OpusPacketSerializer.INSTANCE.serialize(step.packet(), out);
        writeLink(step.link(), out);
        out.writeInt(step.segment());
        out.writeLong(step.start());
        out.writeLong(step.ticks());
        out.writeLong(step.keepFrom());
        out.writeLong(step.keepTo());
    }

    @Override
    protected DecodeStep read(int version, DataInputView in) throws IOException {
        if (version == 1) {
            return readVersion1(in);
        }
        return new DecodeStep(
                KINDS[in.readUnsignedByte()],
                OpusPacketSerializer.INSTANCE.deserialize(in),
                readLink(in),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong());
    }

    private static DecodeStep readVersion1(DataInputView in) throws IOException {
        String streamId = readText(in);
        Kind kind = KINDS[in.readUnsignedByte()];
        byte[] payload = readBytes(in);
        LinkSettings link = readPlainLink(in);
        int segment = in.readInt();
        long start = in.readLong();
        long ticks = in.readLong();
        long keepFrom = in.readLong();
        long keepTo = in.readLong();
        OpusPacket packet = new OpusPacket(
                streamId,
                payload,
                OpusPacket.ABSENT,
                OpusPacket.ABSENT,
                null,
                OpusPacket.ABSENT,
                0,
                0,
                in.readLong(),
                readOrigin(in));
        return new DecodeStep(kind, packet, link, segment, start, ticks, keepFrom, keepTo);
    }

    static void writeLink(LinkSettings link, DataOutputView out) throws IOException {
        ChannelLayoutSerializer.INSTANCE.serialize(link.layout(), out);
        out.writeShort(link.gain());
        out.writeInt(link.preSkip());
    }

    static LinkSettings readLink(DataInputView in) throws IOException {
        return new LinkSettings(ChannelLayoutSerializer.INSTANCE.deserialize(in), in.readShort(), in.readInt());
    }

    /** A link as it was written when there were plain decoders only. */
    static LinkSettings readPlainLink(DataInputView in) throws IOException {
        return new LinkSettings(in.readUnsignedByte(), in.readShort(), in.readInt());
    }

    @Override
    public TypeSerializerSnapshot<DecodeStep> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<DecodeStep> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
