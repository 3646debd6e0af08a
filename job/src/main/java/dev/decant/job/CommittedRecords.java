package dev.decant.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.time.Deadline;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What is in a topic now, as a read_committed consumer sees it. */
final class CommittedRecords {
    private static final Duration POLL = Duration.ofMillis(200);

    /** A broker that is there gives the next record sooner than this. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private CommittedRecords() {}

    /**
     * Every committed record, each partition's in order.
     *
     * @throws UsageException if the brokers do not give them
     */
    static List<ConsumerRecord<byte[], byte[]>> read(String brokers, String topic) {
        Map<String, Object> properties = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Deadline deadline = Deadline.fromNow(PATIENCE);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                polled.forEach(records::add);
                if (!polled.isEmpty()) {
                    deadline = Deadline.fromNow(PATIENCE);
                } else if (deadline.isOverdue()) {
                    throw UsageException.failed(
                            "topic \"" + topic + "\" at " + brokers + " gave nothing more for " + PATIENCE.toSeconds()
                                    + " s, and its end is not reached",
                            null);
                }
            }
        }
        return records;
    }
}
