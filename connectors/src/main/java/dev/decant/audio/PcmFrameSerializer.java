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
    private static final SampleFormat[] SAMPLE_FORMATS = SampleFormat.values();
    private static final ChannelOrder[] CHANNEL_ORDERS = ChannelOrder.values();

    private PcmFrameSerializer() {}

    @Override
    protected int version() {
        return 2;
    }

    @Override
    protected void write(PcmFrame frame, DataOutputView out) throws IOException {
        writeText(frame.streamId(), out);
        out.writeByte(frame.outcome().ordinal());
        out.writeByte(frame.format().sampleFormat().ordinal());
        out.writeInt(frame.format().rate());
        out.writeByte(frame.format().channels());
        out.writeByte(frame.format().order().ordinal());
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
                readFormat(version, in),
                readBytes(in),
                in.readLong(),
                in.readInt(),
                in.readLong(),
                in.readBoolean() ? DeadLetterSerializer.INSTANCE.deserialize(in) : null);
    }

    private static PcmFormat readFormat(int version, DataInputView in) throws IOException {
        SampleFormat sampleFormat = SAMPLE_FORMATS[in.readUnsignedByte()];
        int rate = in.readInt();
        int channels = in.readUnsignedByte();
        return version == 1
                ? new PcmFormat(sampleFormat, rate, channels)
                : new PcmFormat(sampleFormat, rate, channels, CHANNEL_ORDERS[in.readUnsignedByte()]);
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
