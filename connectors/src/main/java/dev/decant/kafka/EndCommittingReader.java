package dev.decant.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The reader of Flink's Kafka source, and the commit that it does not wait for. It gives the offsets of the last
 * checkpoint to a thread, is closed at once, and if the thread was not quick enough it drops them: then the next job that
 * starts at the committed offsets reads packets again that this one has decoded. So when the last checkpoint is complete,
 * and the reader is closed, the ends of its partitions are committed once more.
 */
@SuppressWarnings("try")
final class EndCommittingReader<T> extends ForwardingReader<T> {
    private static final long NONE = Long.MAX_VALUE;

    private final Consumer<Map<TopicPartition, OffsetAndMetadata>> commit;
    private final Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();

    private boolean noMoreSplits;

    /** The first checkpoint that was taken when everything had been read. */
    private long lastCheckpoint = NONE;

    private boolean lastCheckpointIsComplete;

    /**
     * @param commit commits offsets and returns when that is done
     */
    EndCommittingReader(
            SourceReader<T, KafkaPartitionSplit> reader, Consumer<Map<TopicPartition, OffsetAndMetadata>> commit) {
        super(reader);
        this.commit = commit;
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> splits) {
        for (KafkaPartitionSplit split : splits) {
            // A partition that ends before its start is not read, and the group does not go back.
            split.getStoppingOffset()
                    .map(end -> new OffsetAndMetadata(Math.max(split.getStartingOffset(), end)))
                    .ifPresent(end -> ends.put(split.getTopicPartition(), end));
        }
        super.addSplits(splits);
    }

    @Override
    public void notifyNoMoreSplits() {
        noMoreSplits = true;
        super.notifyNoMoreSplits();
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
        List<KafkaPartitionSplit> unfinished = super.snapshotState(checkpointId);
        if (noMoreSplits && unfinished.isEmpty() && lastCheckpoint == NONE) {
            lastCheckpoint = checkpointId;
        }
        return unfinished;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        lastCheckpointIsComplete |= checkpointId >= lastCheckpoint;
        super.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void close() throws Exception {
        super.close();
        if (lastCheckpointIsComplete && !ends.isEmpty()) {
            commit.accept(Map.copyOf(ends));
        }
    }
}
