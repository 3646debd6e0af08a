package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class EndCommittingReaderTest {
    private static final TopicPartition FIRST = new TopicPartition("packets", 0);
    private static final TopicPartition SECOND = new TopicPartition("packets", 1);

    private final PartitionReader partitions = new PartitionReader();
    private final List<Map<TopicPartition, OffsetAndMetadata>> committed = new ArrayList<>();
    private final EndCommittingReader<String> reader = new EndCommittingReader<>(partitions, offsets -> {
        assertThat(partitions.closed).as("closed before").isTrue();
        committed.add(offsets);
    });

    @Test
    void commitsTheEndsWhenTheLastCheckpointIsComplete() throws Exception {
        reader.addSplits(List.of(new KafkaPartitionSplit(FIRST, 3, 10), new KafkaPartitionSplit(SECOND, 0, 0)));
        reader.notifyNoMoreSplits();
        partitions.finish();
        reader.snapshotState(1);
        reader.snapshotState(2);
        reader.notifyCheckpointComplete(2);
        assertThat(committed).isEmpty();

        reader.close();

        assertThat(committed)
                .containsExactly(Map.of(FIRST, new OffsetAndMetadata(10), SECOND, new OffsetAndMetadata(0)));
    }

    @Test
    void neverTakesTheGroupBack() throws Exception {
        reader.addSplits(List.of(new KafkaPartitionSplit(FIRST, 50, 10)));
        reader.notifyNoMoreSplits();
        partitions.finish();
        reader.snapshotState(1);
        reader.notifyCheckpointComplete(1);
        reader.close();

        assertThat(committed).containsExactly(Map.of(FIRST, new OffsetAndMetadata(50)));
    }

    @Test
    void commitsNothingIfTheLastCheckpointIsNotKnownToBeComplete() throws Exception {
        reader.addSplits(List.of(new KafkaPartitionSplit(FIRST, 3, 10)));
        reader.notifyNoMoreSplits();
        reader.snapshotState(1);
        partitions.finish();
        reader.snapshotState(2);
        reader.notifyCheckpointComplete(1);
        reader.close();

        assertThat(committed).isEmpty();
    }

    @Test
    void commitsNothingWhereMorePartitionsMayCome() throws Exception {
        reader.addSplits(List.of(new KafkaPartitionSplit(FIRST, 3, 10)));
        partitions.finish();
        reader.snapshotState(1);
        reader.notifyCheckpointComplete(1);
        reader.close();

        assertThat(committed).isEmpty();
    }

    @Test
    void commitsNothingWhereThereWasNothingToRead() throws Exception {
        reader.notifyNoMoreSplits();
        reader.snapshotState(1);
        reader.notifyCheckpointComplete(1);
        reader.close();

        assertThat(committed).isEmpty();
    }

    /** Holds its partitions until it is told that they are read. */
    private static final class PartitionReader implements SourceReader<String, KafkaPartitionSplit> {
        private final List<KafkaPartitionSplit> unfinished = new ArrayList<>();
        private boolean closed;

        void finish() {
            unfinished.clear();
        }

        @Override
        public void addSplits(List<KafkaPartitionSplit> splits) {
            unfinished.addAll(splits);
        }

        @Override
        public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
            return List.copyOf(unfinished);
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void start() {}

        @Override
        public InputStatus pollNext(ReaderOutput<String> output) {
            return InputStatus.END_OF_INPUT;
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void notifyNoMoreSplits() {}
    }
}
