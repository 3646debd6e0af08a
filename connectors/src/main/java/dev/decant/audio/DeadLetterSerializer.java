package dev.decant.audio;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link DeadLetter} in bytes; stage and reason by name, so that a reason may be added anywhere in the list. Version 1 had no headers. */
public final class DeadLetterSerializer extends RecordSerializer<DeadLetter> {
    public static final DeadLetterSerializer INSTANCE = new DeadLetterSerializer();

    private DeadLetterSerializer() {}

    @Override
    protected int version() {
        return 2;
    }

    @Override
    protected void write(DeadLetter letter, DataOutputView out) throws IOException {
        writeBytes(letter.key(), out);
        writeBytes(letter.value(), out);
        writeHeaders(letter.headers(), out);
        writeOrigin(letter.origin(), out);
        writeText(letter.stage().name(), out);
        writeText(letter.reason().name(), out);
        writeText(letter.message(), out);
    }

    @Override
    protected DeadLetter read(int version, DataInputView in) throws IOException {
        return new DeadLetter(
                readBytes(in),
                readBytes(in),
                version >= 2 ? readHeaders(in) : List.of(),
                readOrigin(in),
                DeadLetter.Stage.valueOf(readText(in)),
                DeadLetter.Reason.valueOf(readText(in)),
                readText(in));
    }

    private static void writeHeaders(List<CarrierHeader> headers, DataOutputView out) throws IOException {
        out.writeInt(headers.size());
        for (CarrierHeader header : headers) {
            writeText(header.name(), out);
            writeBytes(header.value(), out);
        }
    }

    private static List<CarrierHeader> readHeaders(DataInputView in) throws IOException {
        int count = in.readInt();
        List<CarrierHeader> headers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            headers.add(new CarrierHeader(readText(in), readBytes(in)));
        }
        return headers;
    }

    @Override
    public TypeSerializerSnapshot<DeadLetter> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<DeadLetter> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
