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

/** Takes finished bodies through Flink's two-phase commit; the work is the {@link FileCommitter}'s. */
final class FinishedFileSink implements Sink<FinishedFile>, SupportsCommitter<FinishedFile> {
    private final Path folder;
    private final FileFormat format;
    private final Account account;

    FinishedFileSink(Path folder, FileFormat format, Account account) {
        this.folder = folder;
        this.format = format;
        this.account = account;
    }

    @Override
    public SinkWriter<FinishedFile> createWriter(WriterInitContext context) {
        return new HandOver();
    }

    @Override
    public Committer<FinishedFile> createCommitter(CommitterInitContext context) throws IOException {
        return FileCommitter.open(folder, format, account, context);
    }

    @Override
    public SimpleVersionedSerializer<FinishedFile> getCommittableSerializer() {
        return new FinishedFileSerializer.AsCommittable();
    }

    /** Collects what was finished since the last checkpoint. */
    private static final class HandOver implements CommittingSinkWriter<FinishedFile, FinishedFile> {
        private List<FinishedFile> finished = new ArrayList<>();

        @Override
        public void write(FinishedFile file, Context context) {
            finished.add(file);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public Collection<FinishedFile> prepareCommit() {
            List<FinishedFile> committables = finished;
            finished = new ArrayList<>();
            return committables;
        }

        @Override
        public void close() {}
    }
}
