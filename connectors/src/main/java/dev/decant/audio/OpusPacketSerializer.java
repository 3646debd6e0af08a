package dev.decant.audio;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link OpusPacket} in bytes. Version 1 knew nothing of RTP. */
public final class OpusPacketSerializer extends RecordSerializer<OpusPacket> {
    public static final OpusPacketSerializer INSTANCE = new OpusPacketSerializer();

    private static final int REDUNDANT = 1;
    private static final int SPLIT = 2;

    private OpusPacketSerializer() {}

    @Override
    protected int version() {
        return 2;
    }

    @Override
    protected void write(OpusPacket packet, DataOutputView out) throws IOException {
        writeText(packet.streamId(), out);
        writeBytes(packet.payload(), out);
        out.writeLong(packet.sequenceNumber());
        out.writeLong(packet.timestamp());
        writeBytes(packet.head() == null ? null : packet.head().toBytes(), out);
        out.writeLong(packet.link());
        out.writeInt(packet.trimStart());
        out.writeInt(packet.trimEnd());
        out.writeLong(packet.finalRange());
        writeOrigin(packet.origin(), out);
        writeCarrier(packet.rtp(), out);
    }

    @Override
    protected OpusPacket read(int version, DataInputView in) throws IOException {
        String streamId = readText(in);
        byte[] payload = readBytes(in);
        long sequenceNumber = in.readLong();
        long timestamp = in.readLong();
        byte[] head = readBytes(in);
        return new OpusPacket(
                streamId,
                payload,
                sequenceNumber,
                timestamp,
                head == null ? null : OpusHead.parse(head),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                in.readLong(),
                readOrigin(in),
                version >= 2 ? readCarrier(in) : null);
    }

    private static void writeCarrier(RtpCarrier rtp, DataOutputView out) throws IOException {
        out.writeBoolean(rtp != null);
        if (rtp != null) {
            out.writeInt((int) rtp.ssrc());
            out.writeByte((rtp.redundant() ? REDUNDANT : 0) | (rtp.split() ? SPLIT : 0));
            writeBytes(rtp.record(), out);
        }
    }

    private static RtpCarrier readCarrier(DataInputView in) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        long ssrc = Integer.toUnsignedLong(in.readInt());
        byte flags = in.readByte();
        return new RtpCarrier(ssrc, (flags & REDUNDANT) != 0, (flags & SPLIT) != 0, readBytes(in));
    }

    @Override
    public TypeSerializerSnapshot<OpusPacket> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<OpusPacket> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
