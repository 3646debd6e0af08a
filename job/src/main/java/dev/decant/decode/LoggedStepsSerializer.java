package dev.decant.decode;

import dev.decant.audio.RecordSerializer;
import dev.decant.decode.DecodeStep.Kind;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * {@link LoggedSteps} in bytes; the kinds have their numbers in {@link DecodeStepSerializer}. Version 1 wrote each step
 * on its own.
 */
public final class LoggedStepsSerializer extends RecordSerializer<LoggedSteps> {
    static final LoggedStepsSerializer INSTANCE = new LoggedStepsSerializer();

    private static final int VERSION_OF_ONE_STEP = 1;
    private static final Kind[] KINDS = Kind.values();

    private LoggedStepsSerializer() {}

    @Override
    protected int version() {
        return 2;
    }

    @Override
    protected void write(LoggedSteps steps, DataOutputView out) throws IOException {
        out.writeInt(steps.count());
        steps.write(out);
    }

    @Override
    protected LoggedSteps read(int version, DataInputView in) throws IOException {
        if (version == VERSION_OF_ONE_STEP) {
            return LoggedSteps.of(readStep(in));
        }
        int count = in.readInt();
        byte[] bytes = readBytes(in);
        return new LoggedSteps(bytes, 0, bytes.length, count);
    }

    private static LoggedStep readStep(DataInputView in) throws IOException {
        Kind kind = KINDS[in.readUnsignedByte()];
        boolean refused = in.readBoolean();
        int ticks = in.readInt();
        return new LoggedStep(kind, readBytes(in), ticks, refused);
    }

    @Override
    public TypeSerializerSnapshot<LoggedSteps> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<LoggedSteps> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
