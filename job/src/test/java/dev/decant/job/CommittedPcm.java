package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.kafka.PcmRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A read_committed consumer that follows a PCM topic from its beginning and keeps what it saw. Of one thread. */
final class CommittedPcm implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<PcmFrame> frames = new ArrayList<>();
    private final Map<String, Long> ends = new HashMap<>();
    private final Set<String> endedStreams = new HashSet<>();

    CommittedPcm(JobTopics topics) {
        Map<String, Object> properties = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                topics.brokers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topics.pcm()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** What was seen so far, each stream's in order. */
    List<PcmFrame> frames() {
        return List.copyOf(frames);
    }

    /** How many samples of a stream were seen. */
    long samples(String streamId) {
        return ends.getOrDefault(streamId, 0L);
    }

    /** The streams whose end was seen. */
    Set<String> endedStreams() {
        return Set.copyOf(endedStreams);
    }

    /**
     * Reads on until what was seen will do.
     *
     * @param what has come then, as a message names it
     */
    void await(String what, BooleanSupplier enough) {
        long start = System.nanoTime();
        while (!enough.getAsBoolean()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                see(PcmRecords.read(record));
            }
            assertThat(System.nanoTime() - start)
                    .as("%s; seen so far: %s, of these ended: %s", what, ends, endedStreams)
                    .isLessThan(PATIENCE.toNanos());
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void see(PcmFrame frame) {
        frames.add(frame);
        ends.merge(frame.streamId(), frame.sampleCount(), Long::sum);
        if (frame.outcome() == Outcome.END) {
            endedStreams.add(frame.streamId());
        }
    }
}
