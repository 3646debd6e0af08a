package dev.decant.file;

import java.io.IOException;
import java.io.Serializable;
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
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Takes what is finished through Flink's two-phase commit; the work is the committer's. */
final class FinishedSink<T> implements Sink<T>, SupportsCommitter<T> {
    private final Opening<T> committer;
    private final Committable<T> committable;

    FinishedSink(Opening<T> committer, Committable<T> committable) {
        this.committer = committer;
        this.committable = committable;
    }

    /** Opens a committer. */
    @FunctionalInterface
    interface Opening<T> extends Serializable {
        Committer<T> open(CommitterInitContext context) throws IOException;
    }

    /** Gives the serializer of what is committed. */
    @FunctionalInterface
    interface Committable<T> extends Serializable {
        SimpleVersionedSerializer<T> serializer();
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new HandOver<>();
    }

    @Override
    public Committer<T> createCommitter(CommitterInitContext context) throws IOException {
        return committer.open(context);
    }

    @Override
    public SimpleVersionedSerializer<T> getCommittableSerializer() {
        return committable.serializer();
    }

    /** Collects what was finished since the last checkpoint. */
    private static final class HandOver<T> implements CommittingSinkWriter<T, T> {
        private List<T> finished = new ArrayList<>();

        @Override
        public void write(T one, Context context) {
            finished.add(one);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public Collection<T> prepareCommit() {
            List<T> committables = finished;
            finished = new ArrayList<>();
            return committables;
        }

        @Override
        public void close() {}
    }
}
