package dev.decant.audio;

import dev.decant.audio.PcmFrame.Outcome;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * {@link PcmFrame} in bytes. The numbers of outcomes, sample formats and channel orders are part of it: lists grow at the
 * end. Version 1 knew nothing of channel orders, and no more than two channels.
 */
public final class PcmFrameSerializer extends RecordSerializer<PcmFrame> {
    public static final PcmFrameSerializer INSTANCE = new PcmFrameSerializer();

    private static final Outcome[] OUTCOMES = Outcome.values();

    private PcmFrameSerializer() {}

    @Override
    protected int version() {
        return 2;
    }

    @Override
    protected void write(PcmFrame frame, DataOutputView out) throws IOException {
        writeText(frame.streamId(), out);
        out.writeByte(frame.outcome().ordinal());
        writePcmFormat(frame.format(), out);
        writeBytes(frame.pcm(), out);
        out.writeLong(frame.sampleCount());
        out.writeInt(frame.segment());
        out.writeLong(frame.position());
        out.writeBoolean(frame.deadLetter() != null);
        if (frame.deadLetter() != null) {
            DeadLetterSerializer.INSTANCE.serialize(frame.deadLetter(), out);
        }
    }

    @Override
    protected PcmFrame read(int version, DataInputView in) throws IOException {
        return new PcmFrame(
                readText(in),
                OUTCOMES[in.readUnsignedByte()],
                version == 1 ? readPcmFormatWithoutOrder(in) : readPcmFormat(in),
                readBytes(in),
                in.readLong(),
                in.readInt(),
                in.readLong(),
                in.readBoolean() ? DeadLetterSerializer.INSTANCE.deserialize(in) : null);
    }

    @Override
    public TypeSerializerSnapshot<PcmFrame> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<PcmFrame> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
