package dev.decant.file;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/** {@link FinishedWav} in bytes: between operators, and as a committable in the committer's state. */
final class FinishedWavSerializer extends BodySerializer<FinishedWav> {
    static final FinishedWavSerializer INSTANCE = new FinishedWavSerializer();

    private FinishedWavSerializer() {}

    @Override
    protected void write(FinishedWav wav, DataOutputView out) throws IOException {
        out.writeUTF(wav.streamId());
        writeFormat(wav.format(), out);
        out.writeLong(wav.samples());
        out.writeBoolean(wav.piece());
        out.writeLong(wav.start());
        writeBody(wav.body(), out);
    }

    @Override
    protected FinishedWav read(int version, DataInputView in) throws IOException {
        return new FinishedWav(
                in.readUTF(), readFormat(version, in), in.readLong(), in.readBoolean(), in.readLong(), readBody(in));
    }

    @Override
    public TypeSerializerSnapshot<FinishedWav> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<FinishedWav> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }

    /** The same bytes as a committable; their own version stands in their first byte. */
    static final class AsCommittable implements SimpleVersionedSerializer<FinishedWav> {
        private static final int VERSION = 1;

        @Override
        public int getVersion() {
            return VERSION;
        }

        @Override
        public byte[] serialize(FinishedWav wav) throws IOException {
            DataOutputSerializer out = new DataOutputSerializer(256);
            INSTANCE.serialize(wav, out);
            return out.getCopyOfBuffer();
        }

        @Override
        public FinishedWav deserialize(int version, byte[] bytes) throws IOException {
            if (version != VERSION) {
                throw new IOException("A committable of version " + version
                        + ": this Decant reads version 1, so a newer one wrote it");
            }
            return INSTANCE.deserialize(new DataInputDeserializer(bytes));
        }
    }
}
