package dev.decant.container;

import dev.decant.audio.OpusHead;
import dev.decant.audio.RecordSerializer;
import dev.decant.container.RecordingProblem.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link RecordingEnd} in bytes. */
final class RecordingEndSerializer extends RecordSerializer<RecordingEnd> {
    static final RecordingEndSerializer INSTANCE = new RecordingEndSerializer();

    private RecordingEndSerializer() {}

    @Override
    protected int version() {
        return 1;
    }

    @Override
    protected void write(RecordingEnd end, DataOutputView out) throws IOException {
        writeText(end.name(), out);
        writeText(end.streamId(), out);
        writeText(end.outputName(), out);
        writeText(end.path(), out);
        writeText(end.container() == null ? null : end.container().name(), out);
        writeBytes(end.head() == null ? null : end.head().toBytes(), out);
        out.writeLong(end.links());
        out.writeLong(end.packets());
        out.writeLong(end.malformedPackets());
        out.writeLong(end.bytes());
        out.writeInt(end.problems().size());
        for (RecordingProblem problem : end.problems()) {
            writeProblem(problem, out);
        }
        out.writeBoolean(end.failure() != null);
        if (end.failure() != null) {
            writeProblem(end.failure(), out);
        }
    }

    @Override
    protected RecordingEnd read(int version, DataInputView in) throws IOException {
        String name = readText(in);
        String streamId = readText(in);
        String outputName = readText(in);
        String path = readText(in);
        String container = readText(in);
        byte[] head = readBytes(in);
        return new RecordingEnd(
                name,
                streamId,
                outputName,
                path,
                container == null ? null : Container.valueOf(container),
                head == null ? null : OpusHead.parse(head),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                readProblems(in),
                in.readBoolean() ? readProblem(in) : null);
    }

    private static void writeProblem(RecordingProblem problem, DataOutputView out) throws IOException {
        out.writeLong(problem.offset());
        writeText(problem.kind().name(), out);
        writeText(problem.message(), out);
    }

    private static RecordingProblem readProblem(DataInputView in) throws IOException {
        return new RecordingProblem(in.readLong(), Kind.valueOf(readText(in)), readText(in));
    }

    private static List<RecordingProblem> readProblems(DataInputView in) throws IOException {
        int count = in.readInt();
        List<RecordingProblem> problems = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            problems.add(readProblem(in));
        }
        return problems;
    }

    @Override
    public TypeSerializerSnapshot<RecordingEnd> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<RecordingEnd> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
