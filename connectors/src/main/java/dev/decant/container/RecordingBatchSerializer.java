package dev.decant.container;

import dev.decant.container.RecordingProblem.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** {@link RecordingBatch} in bytes. */
final class RecordingBatchSerializer implements SimpleVersionedSerializer<RecordingBatch> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(RecordingBatch batch) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        write(batch, out);
        return out.getCopyOfBuffer();
    }

    @Override
    public RecordingBatch deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException("a batch of recordings of version " + version
                    + ": this Decant reads version 1, so a newer one wrote it");
        }
        return read(new DataInputDeserializer(bytes));
    }

    static void write(RecordingBatch batch, DataOutputView out) throws IOException {
        writeText(batch.splitId(), out);
        writeText(batch.streamId(), out);
        out.writeLong(batch.packetsGiven());
        out.writeInt(batch.recordings().size());
        for (FoundRecording recording : batch.recordings()) {
            writeText(recording.name(), out);
            writeText(recording.outputName(), out);
            writeText(recording.path(), out);
            RecordingProblem refusal = recording.refusal();
            out.writeBoolean(refusal != null);
            if (refusal != null) {
                out.writeLong(refusal.offset());
                writeText(refusal.kind().name(), out);
                writeText(refusal.message(), out);
            }
        }
    }

    static RecordingBatch read(DataInputView in) throws IOException {
        String splitId = readText(in);
        String streamId = readText(in);
        long packetsGiven = in.readLong();
        int count = in.readInt();
        List<FoundRecording> recordings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            recordings.add(new FoundRecording(
                    readText(in),
                    readText(in),
                    readText(in),
                    in.readBoolean()
                            ? new RecordingProblem(in.readLong(), Kind.valueOf(readText(in)), readText(in))
                            : null));
        }
        return new RecordingBatch(splitId, recordings, streamId, packetsGiven);
    }

    /** {@code writeUTF} ends at 65,535 bytes, and knows no null. */
    static void writeText(String text, DataOutputView out) throws IOException {
        StringValue.writeString(text, out);
    }

    static String readText(DataInputView in) throws IOException {
        return StringValue.readString(in);
    }
}
