package dev.decant.decode;

import dev.decant.audio.RecordSerializer;
import dev.decant.decode.DecodeStep.Kind;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link LoggedStep} in bytes; the kinds have their numbers in {@link DecodeStepSerializer}. */
public final class LoggedStepSerializer extends RecordSerializer<LoggedStep> {
    static final LoggedStepSerializer INSTANCE = new LoggedStepSerializer();

    private static final Kind[] KINDS = Kind.values();

    private LoggedStepSerializer() {}

    @Override
    protected int version() {
        return 1;
    }

    @Override
    protected void write(LoggedStep step, DataOutputView out) throws IOException {
        out.writeByte(step.kind().ordinal());
        out.writeBoolean(step.refused());
        out.writeInt(step.ticks());
        writeBytes(step.packet(), out);
    }

    @Override
    protected LoggedStep read(int version, DataInputView in) throws IOException {
        Kind kind = KINDS[in.readUnsignedByte()];
        boolean refused = in.readBoolean();
        int ticks = in.readInt();
        return new LoggedStep(kind, readBytes(in), ticks, refused);
    }

    @Override
    public TypeSerializerSnapshot<LoggedStep> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<LoggedStep> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
