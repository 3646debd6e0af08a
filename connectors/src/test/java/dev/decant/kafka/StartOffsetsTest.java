package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer.PartitionOffsetsRetriever;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StartOffsetsTest {
    private static final TopicPartition READ_BEFORE = new TopicPartition("packets", 0);
    private static final TopicPartition NEW = new TopicPartition("packets", 1);
    private static final List<TopicPartition> BOTH = List.of(READ_BEFORE, NEW);

    /** Partition 0 holds 10 to 99, partition 1 holds 5 to 49; the record times are ten times the offsets. */
    private static final Map<TopicPartition, Long> BEGINNINGS = Map.of(READ_BEFORE, 10L, NEW, 5L);

    private static final Map<TopicPartition, Long> ENDS = Map.of(READ_BEFORE, 100L, NEW, 50L);

    @Test
    void startsWhereTheGroupLeftOffAndElseAtTheBeginning() {
        assertThat(StartOffsets.committed().getPartitionOffsets(BOTH, cluster(Map.of(READ_BEFORE, 70L))))
                .isEqualTo(Map.of(READ_BEFORE, 70L, NEW, 5L));
    }

    @Test
    void takesCommittedOffsetsUpToTheEdges() {
        for (long edge : new long[] {10, 100}) {
            assertThat(StartOffsets.committed()
                            .getPartitionOffsets(List.of(READ_BEFORE), cluster(Map.of(READ_BEFORE, edge))))
                    .isEqualTo(Map.of(READ_BEFORE, edge));
        }
    }

    @Test
    void refusesCommittedOffsetsThatKafkaDoesNotHold() {
        for (long lost : new long[] {9, 101}) {
            assertThatIllegalStateException()
                    .isThrownBy(() ->
                            StartOffsets.committed().getPartitionOffsets(BOTH, cluster(Map.of(READ_BEFORE, lost))))
                    .withMessageContaining("packets-0 at offset " + lost)
                    .withMessageContaining("Kafka holds 10 to 100");
        }
    }

    @Test
    void startsAtTheEdges() {
        assertThat(StartOffsets.earliest().getPartitionOffsets(BOTH, cluster(Map.of(NEW, 7L))))
                .isEqualTo(BEGINNINGS);
        assertThat(StartOffsets.latest().getPartitionOffsets(BOTH, cluster(Map.of(NEW, 7L))))
                .isEqualTo(ENDS);
    }

    @Test
    void startsAtATimeAndElseAtTheEnd() {
        assertThat(StartOffsets.timestamp(600).getPartitionOffsets(BOTH, cluster(Map.of())))
                .isEqualTo(Map.of(READ_BEFORE, 60L, NEW, 50L));
    }

    @Test
    void refusesTimesThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StartOffsets.timestamp(-1))
                .withMessageContaining("the start -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndOffsets.timestamp(-2))
                .withMessageContaining("the end -2");
    }

    @Test
    void neverLetsAConsumerResetItsOffset() throws Exception {
        for (StartOffsets start : List.of(
                StartOffsets.committed(), StartOffsets.earliest(), StartOffsets.latest(), StartOffsets.timestamp(0))) {
            assertThat(InstantiationUtil.clone(start).getAutoOffsetResetStrategy())
                    .hasToString("none");
        }
    }

    private static PartitionOffsetsRetriever cluster(Map<TopicPartition, Long> committed) {
        return new PartitionOffsetsRetriever() {
            @Override
            public Map<TopicPartition, Long> committedOffsets(Collection<TopicPartition> partitions) {
                return only(partitions, committed);
            }

            @Override
            public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
                return only(partitions, ENDS);
            }

            @Override
            public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
                return only(partitions, BEGINNINGS);
            }

            @Override
            public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
                Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
                times.forEach((partition, time) -> {
                    long offset = Math.max(BEGINNINGS.get(partition), (time + 9) / 10);
                    if (offset < ENDS.get(partition)) {
                        found.put(partition, new OffsetAndTimestamp(offset, offset * 10));
                    }
                });
                return found;
            }
        };
    }

    private static Map<TopicPartition, Long> only(
            Collection<TopicPartition> partitions, Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Long> asked = new HashMap<>(offsets);
        asked.keySet().retainAll(partitions);
        return asked;
    }
}
