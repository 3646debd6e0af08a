package dev.decant.job;

import dev.decant.kafka.DeadLetterHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a topic of dead letters holds of each stream. */
final class DeadLetterCounts {
    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * The dead letters of a stream.
     *
     * @param count how many
     * @param message why the first of them could not be used
     */
    record Count(long count, String message) {}

    private DeadLetterCounts() {}

    /** Reads every committed dead letter that is there now, by stream ID. */
    static Map<String, Count> read(String brokers, String topic) {
        Map<String, Object> properties = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        Map<String, Count> counts = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> letter : consumer.poll(POLL)) {
                    String streamId = letter.key() == null ? "" : new String(letter.key(), StandardCharsets.UTF_8);
                    counts.merge(
                            streamId,
                            new Count(1, message(letter)),
                            (before, one) -> new Count(before.count() + 1, before.message()));
                }
            }
        }
        return counts;
    }

    private static String message(ConsumerRecord<byte[], byte[]> letter) {
        return new String(
                letter.headers().lastHeader(DeadLetterHeaders.EXCEPTION_MESSAGE).value(), StandardCharsets.UTF_8);
    }
}
