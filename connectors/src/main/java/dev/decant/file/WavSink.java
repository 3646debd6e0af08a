package dev.decant.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Takes finished bodies through Flink's two-phase commit; the work is the {@link WavCommitter}'s. */
final class WavSink implements Sink<FinishedWav>, SupportsCommitter<FinishedWav> {
    private final Path folder;

    WavSink(Path folder) {
        this.folder = folder;
    }

    @Override
    public SinkWriter<FinishedWav> createWriter(WriterInitContext context) {
        return new HandOver();
    }

    @Override
    public Committer<FinishedWav> createCommitter(CommitterInitContext context) throws IOException {
        return WavCommitter.open(folder, context);
    }

    @Override
    public SimpleVersionedSerializer<FinishedWav> getCommittableSerializer() {
        return new FinishedWavSerializer.AsCommittable();
    }

    /** Collects what was finished since the last checkpoint. */
    private static final class HandOver implements CommittingSinkWriter<FinishedWav, FinishedWav> {
        private List<FinishedWav> finished = new ArrayList<>();

        @Override
        public void write(FinishedWav wav, Context context) {
            finished.add(wav);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public Collection<FinishedWav> prepareCommit() {
            List<FinishedWav> committables = finished;
            finished = new ArrayList<>();
            return committables;
        }

        @Override
        public void close() {}
    }
}
