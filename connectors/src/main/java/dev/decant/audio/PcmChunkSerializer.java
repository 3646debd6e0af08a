package dev.decant.audio;

import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFrame.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link PcmChunk} in bytes. The numbers of outcomes are part of version 1, as they are in {@link PcmFrameSerializer}. */
public final class PcmChunkSerializer extends RecordSerializer<PcmChunk> {
    public static final PcmChunkSerializer INSTANCE = new PcmChunkSerializer();

    private static final Outcome[] OUTCOMES = Outcome.values();

    private PcmChunkSerializer() {}

    @Override
    protected int version() {
        return 1;
    }

    @Override
    protected void write(PcmChunk chunk, DataOutputView out) throws IOException {
        writeText(chunk.streamId(), out);
        writePcmFormat(chunk.format(), out);
        writeBytes(chunk.pcm(), out);
        out.writeInt(chunk.segment());
        out.writeLong(chunk.position());
        out.writeInt(chunk.origins().size());
        for (Run run : chunk.origins()) {
            out.writeByte(run.outcome().ordinal());
            out.writeLong(run.sampleCount());
        }
    }

    @Override
    protected PcmChunk read(int version, DataInputView in) throws IOException {
        return new PcmChunk(
                readText(in), readPcmFormat(in), readBytes(in), in.readInt(), in.readLong(), readOrigins(in));
    }

    private static List<Run> readOrigins(DataInputView in) throws IOException {
        int count = in.readInt();
        List<Run> origins = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            origins.add(new Run(OUTCOMES[in.readUnsignedByte()], in.readLong()));
        }
        return origins;
    }

    @Override
    public TypeSerializerSnapshot<PcmChunk> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<PcmChunk> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
