package dev.decant.bench;

import dev.decant.audio.PcmFrame;
import dev.decant.kafka.PcmRecords;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A read_committed consumer that follows a PCM topic. Of one thread. */
final class CommittedPcm implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final LiveStreams streams;

    /**
     * @param streams what the PCM is of
     */
    CommittedPcm(String brokers, String topic, LiveStreams streams) {
        this.topic = topic;
        this.streams = streams;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        brokers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Waits until PCM from {@code position} on, in any stream, is committed.
     *
     * @return when that was seen, {@link System#currentTimeMillis}
     * @throws BenchException if it does not come
     */
    long await(long position) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                PcmFrame frame = PcmRecords.read(record);
                if (frame.position() >= position) {
                    return System.currentTimeMillis();
                }
            }
            streams.sent();
        }
        throw new BenchException("no PCM of sample " + position + " or later came to the topic " + topic + " within "
                + PATIENCE.toMinutes() + " minutes");
    }

    @Override
    public void close() {
        consumer.close();
    }
}
