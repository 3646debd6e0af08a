package dev.decant.kafka;

import java.io.IOException;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;

/**
 * The enumerator of Flink's Kafka source, and the signal that it forgets. It discovers partitions once, and only if it
 * finds some does it notice that it is done and tell the readers that no more splits come. When the job is restored, all
 * partitions are in the checkpoint: then it says nothing, the readers wait at their ends, and the job never finishes
 * (FLINK-31006, FLINK-33466; so in version 5.0.0). A topic pattern that matches nothing comes to the same. So whoever it
 * leaves out is told here: at the end of the discovery, or when registering later.
 */
final class BoundedEnumerator implements SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> {
    private final SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator;
    private final DiscoveryContext context;

    /**
     * @param enumerator of a source that is bounded, so that it discovers partitions once
     * @param context the one that {@code enumerator} was made with
     */
    BoundedEnumerator(SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator, DiscoveryContext context) {
        this.enumerator = enumerator;
        this.context = context;
    }

    @Override
    public void addReader(int subtask) {
        // It may have been told before it failed, and is another one now.
        context.forgetSignal(subtask);
        enumerator.addReader(subtask);
        context.signalWhomDiscoveryLeftOut();
    }

    @Override
    public void start() {
        enumerator.start();
    }

    @Override
    public void handleSplitRequest(int subtask, String requesterHostname) {
        enumerator.handleSplitRequest(subtask, requesterHostname);
    }

    @Override
    public void addSplitsBack(List<KafkaPartitionSplit> splits, int subtask) {
        enumerator.addSplitsBack(splits, subtask);
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        enumerator.handleSourceEvent(subtask, event);
    }

    @Override
    public KafkaSourceEnumState snapshotState(long checkpointId) throws Exception {
        return enumerator.snapshotState(checkpointId);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        enumerator.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        enumerator.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() throws IOException {
        enumerator.close();
    }
}
