package dev.decant.file;

import dev.decant.audio.PcmFormat;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * An unfinished body as a checkpoint keeps it.
 *
 * @param streamId the stream
 * @param format the shape of its samples
 * @param samples samples a channel so far
 * @param start index of its first sample in the stream
 * @param room bytes left free before the samples
 * @param tally how the samples came about
 * @param body what resumes it; null as long as there are no samples
 */
record OpenBody(
        String streamId, PcmFormat format, long samples, long start, int room, SampleTally tally, WrittenBody body) {
    OpenBody {
        Objects.requireNonNull(streamId, "streamId");
        Objects.requireNonNull(format, "format");
    }

    /** {@link OpenBody} in bytes. */
    static final class Serializer extends BodySerializer<OpenBody> {
        static final Serializer INSTANCE = new Serializer();

        private Serializer() {}

        @Override
        protected void write(OpenBody body, DataOutputView out) throws IOException {
            out.writeUTF(body.streamId());
            writeFormat(body.format(), out);
            out.writeLong(body.samples());
            out.writeLong(body.start());
            out.writeShort(body.room());
            body.tally().write(out);
            writeBody(body.body(), out);
        }

        @Override
        protected OpenBody read(int version, DataInputView in) throws IOException {
            return new OpenBody(
                    in.readUTF(),
                    readFormat(version, in),
                    in.readLong(),
                    in.readLong(),
                    version >= 3 ? in.readUnsignedShort() : 0,
                    version >= 3 ? SampleTally.read(in) : SampleTally.NOTHING,
                    readBody(in));
        }

        @Override
        public TypeSerializerSnapshot<OpenBody> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** Names the serializer in a savepoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<OpenBody> {
        public Snapshot() {
            super(() -> Serializer.INSTANCE);
        }
    }
}
