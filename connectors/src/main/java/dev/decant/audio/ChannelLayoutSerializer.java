package dev.decant.audio;

import dev.decant.audio.ChannelLayout.Decoder;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link ChannelLayout} in bytes: three for a plain decoder. */
public final class ChannelLayoutSerializer extends RecordSerializer<ChannelLayout> {
    public static final ChannelLayoutSerializer INSTANCE = new ChannelLayoutSerializer();

    private ChannelLayoutSerializer() {}

    @Override
    protected int version() {
        return 1;
    }

    @Override
    protected void write(ChannelLayout layout, DataOutputView out) throws IOException {
        out.writeByte(layout.channels());
        out.writeByte(layout.decoder().ordinal());
        if (layout.decoder() != Decoder.PLAIN) {
            out.writeByte(layout.decodedChannels());
            out.writeByte(layout.mappingFamily());
            out.writeByte(layout.streamCount());
            out.writeByte(layout.coupledCount());
            writeBytes(layout.mapping(), out);
            writeBytes(layout.demixingMatrix(), out);
        }
    }

    @Override
    protected ChannelLayout read(int version, DataInputView in) throws IOException {
        int channels = in.readUnsignedByte();
        if (in.readUnsignedByte() == Decoder.PLAIN.ordinal()) {
            return ChannelLayout.plain(channels);
        }
        int decodedChannels = in.readUnsignedByte();
        return new ChannelLayout(
                in.readUnsignedByte(),
                in.readUnsignedByte(),
                in.readUnsignedByte(),
                readBytes(in),
                readBytes(in),
                decodedChannels,
                channels);
    }

    @Override
    public TypeSerializerSnapshot<ChannelLayout> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ChannelLayout> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
