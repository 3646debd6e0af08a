package dev.decant.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The offsets of a consumer group, and those that its partitions hold. */
final class GroupOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(GroupOffsets.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Properties consumer;

    /**
     * @param consumer brokers, group and whatever the client needs
     */
    GroupOffsets(Properties consumer) {
        this.consumer = consumer;
    }

    /**
     * Commits, and returns when Kafka has it. Failing is no reason to fail a job that has done its work: it is logged, and
     * what follows from it.
     */
    void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        try (KafkaConsumer<byte[], byte[]> client =
                new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            client.commitSync(offsets, PATIENCE);
        } catch (KafkaException e) {
            LOG.error(
                    "The offsets {} of group {} cannot be committed: another job that starts at the committed offsets"
                            + " will read again what this one has read",
                    offsets,
                    consumer.getProperty(ConsumerConfig.GROUP_ID_CONFIG),
                    e);
        }
    }

    /** The first offset and the end of each partition, as messages name them; of those of which Kafka tells it. */
    Map<TopicPartition, String> held(Collection<TopicPartition> partitions) {
        Map<TopicPartition, String> held = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> client =
                new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Map<TopicPartition, Long> ends = client.endOffsets(partitions, PATIENCE);
            client.beginningOffsets(partitions, PATIENCE)
                    .forEach((partition, begin) -> held.put(partition, begin + " to " + ends.get(partition)));
        } catch (KafkaException e) {
            LOG.warn("Kafka does not tell what {} hold", partitions, e);
        }
        return held;
    }
}
