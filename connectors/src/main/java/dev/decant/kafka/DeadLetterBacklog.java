package dev.decant.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer.PartitionOffsetsRetriever;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The records of a topic from where a group left off, or is to start, to the end that each partition has when this is
 * opened; committed records only. Offsets are not committed here.
 */
final class DeadLetterBacklog implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    /** A broker that is there gives the next record sooner than this. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;

    /**
     * Some of the records.
     *
     * @param records each partition's in order; none: the end is reached
     * @param offsets where to go on after them
     */
    record Batch(List<ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, OffsetAndMetadata> offsets) {}

    private DeadLetterBacklog(String topic, KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        this.topic = topic;
        this.consumer = consumer;
        this.ends = ends;
    }

    /**
     * To be closed by the caller.
     *
     * @param properties brokers, group, and read_committed
     * @throws TopicException if the topic does not have the group's offsets
     * @throws org.apache.kafka.common.KafkaException if the brokers do not answer
     */
    static DeadLetterBacklog open(Properties properties, String topic, StartOffsets start) {
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            starts(start, partitions, consumer).forEach(consumer::seek);
            return new DeadLetterBacklog(topic, consumer, ends);
        } catch (Throwable e) {
            consumer.close();
            throw e;
        }
    }

    private static Map<TopicPartition, Long> starts(
            StartOffsets start, List<TopicPartition> partitions, KafkaConsumer<byte[], byte[]> consumer) {
        try {
            return start.getPartitionOffsets(partitions, new Offsets(consumer));
        } catch (IllegalStateException e) {
            throw new TopicException(e.getMessage(), e);
        }
    }

    ConsumerGroupMetadata group() {
        return consumer.groupMetadata();
    }

    /**
     * The next records.
     *
     * @throws TopicException if the brokers do not give them
     */
    Batch next() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<TopicPartition> finished =
                    ends.keySet().stream().filter(this::isAtEnd).toList();
            if (finished.size() == ends.size()) {
                return new Batch(List.of(), Map.of());
            }
            consumer.pause(finished);
            Batch batch = upToTheEnd(consumer.poll(POLL));
            if (!batch.records().isEmpty()) {
                return batch;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new TopicException("topic \"" + topic + "\" gave nothing more for " + PATIENCE.toSeconds()
                        + " s, and its end is not reached");
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    private boolean isAtEnd(TopicPartition partition) {
        return consumer.position(partition) >= ends.get(partition);
    }

    /** What came after the end was asked for is left to the next time. */
    private Batch upToTheEnd(ConsumerRecords<byte[], byte[]> polled) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : polled.partitions()) {
            long end = ends.get(partition);
            polled.records(partition).stream()
                    .filter(record -> record.offset() < end)
                    .forEach(records::add);
            offsets.put(partition, new OffsetAndMetadata(Math.min(consumer.position(partition), end)));
        }
        return new Batch(records, offsets);
    }

    /** What {@link StartOffsets} asks. */
    private record Offsets(KafkaConsumer<byte[], byte[]> consumer) implements PartitionOffsetsRetriever {
        @Override
        public Map<TopicPartition, Long> committedOffsets(Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> committed = new HashMap<>();
            consumer.committed(new HashSet<>(partitions)).forEach((partition, offset) -> {
                if (offset != null) {
                    committed.put(partition, offset.offset());
                }
            });
            return committed;
        }

        @Override
        public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
            return consumer.endOffsets(partitions);
        }

        @Override
        public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
            return consumer.beginningOffsets(partitions);
        }

        @Override
        public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
            Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>(consumer.offsetsForTimes(times));
            found.values().removeIf(offset -> offset == null);
            return found;
        }
    }
}
