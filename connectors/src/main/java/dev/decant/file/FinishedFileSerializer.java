package dev.decant.file;

import dev.decant.audio.PcmFormat;
import dev.decant.container.RecordingEnd;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link FinishedFile} in bytes: between operators, and as a committable in the committer's state. */
final class FinishedFileSerializer extends BodySerializer<FinishedFile> {
    static final FinishedFileSerializer INSTANCE = new FinishedFileSerializer();

    private static final TypeSerializer<RecordingEnd> END =
            RecordingEnd.TYPE.createSerializer(new SerializerConfigImpl());

    private FinishedFileSerializer() {}

    @Override
    protected void write(FinishedFile file, DataOutputView out) throws IOException {
        out.writeUTF(file.streamId());
        out.writeBoolean(file.format() != null);
        if (file.format() != null) {
            writeFormat(file.format(), out);
        }
        out.writeLong(file.samples());
        out.writeBoolean(file.piece());
        out.writeLong(file.start());
        out.writeShort(file.room());
        file.tally().write(out);
        writeBytes(file.sha256(), out);
        writeBody(file.body(), out);
        out.writeBoolean(file.end() != null);
        if (file.end() != null) {
            END.serialize(file.end(), out);
        }
    }

    @Override
    protected FinishedFile read(int version, DataInputView in) throws IOException {
        String streamId = in.readUTF();
        boolean hasFormat = version < 3 || in.readBoolean();
        PcmFormat format = hasFormat ? readFormat(version, in) : null;
        long samples = in.readLong();
        boolean piece = in.readBoolean();
        long start = in.readLong();
        if (version < 3) {
            return new FinishedFile(
                    streamId, format, samples, piece, start, 0, SampleTally.NOTHING, null, readBody(in), null);
        }
        return new FinishedFile(
                streamId,
                format,
                samples,
                piece,
                start,
                in.readUnsignedShort(),
                SampleTally.read(in),
                readBytes(in),
                readBody(in),
                in.readBoolean() ? END.deserialize(in) : null);
    }

    @Override
    public TypeSerializerSnapshot<FinishedFile> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<FinishedFile> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
