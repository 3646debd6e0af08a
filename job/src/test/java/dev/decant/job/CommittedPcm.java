package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmFormat;
import dev.decant.kafka.PcmRecords;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A read_committed consumer that follows a PCM topic from its beginning, and compares each stream with a direct decode of
 * what was sent. Of one thread.
 */
final class CommittedPcm implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final PcmFormat format;
    private final EndlessStreams sent;
    private final Map<String, ComparedStream> streams = new TreeMap<>();

    CommittedPcm(JobTopics topics, PcmFormat format, EndlessStreams sent) {
        this.format = format;
        this.sent = sent;
        Map<String, Object> properties = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                topics.brokers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = topics.pcmPartitions();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Of how many packets of a stream all PCM was seen. */
    int frames(String streamId) {
        return streams.containsKey(streamId) ? streams.get(streamId).frames() : 0;
    }

    /** Reads on until every stream that is live has {@code packets} more than were sent when this was called. */
    void awaitNewPackets(int packets) {
        awaitNewPackets(sent.live(), packets);
    }

    /** Reads on until each of the streams has {@code packets} more than were sent when this was called. */
    void awaitNewPackets(Collection<String> streamIds, int packets) {
        Map<String, Integer> awaited = new TreeMap<>();
        streamIds.forEach(streamId -> awaited.put(streamId, sent.sent(streamId).size() + packets));
        await("so many packets: " + awaited, () -> awaited.entrySet().stream()
                .allMatch(stream -> frames(stream.getKey()) >= stream.getValue()));
    }

    /** Reads on until the end of a stream was seen. */
    void awaitEnd(String streamId) {
        await("the end of " + streamId, () -> isEnded(streamId));
    }

    /** Reads on until the end of every stream was seen. */
    void awaitEveryEnd() {
        await("the end of every stream", () -> sent.all().stream().allMatch(this::isEnded));
    }

    /** Reads on for so long, whatever comes. */
    void follow(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            poll();
        }
    }

    /** Demands that all that was sent is there, each packet once and to the last sample as a direct decode gives it. */
    void assertEverythingDecoded() {
        assertThat(streams.keySet()).isEqualTo(sent.all());
        assertThat(streams.values().stream().map(ComparedStream::complaint).filter(complaint -> !complaint.isEmpty()))
                .isEmpty();
    }

    @Override
    public void close() {
        streams.values().forEach(ComparedStream::close);
        consumer.close();
    }

    private boolean isEnded(String streamId) {
        return streams.containsKey(streamId) && streams.get(streamId).ended();
    }

    private void await(String what, BooleanSupplier enough) {
        long start = System.nanoTime();
        while (!enough.getAsBoolean()) {
            poll();
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError(what + " had not come after " + PATIENCE + "; seen so far: " + seen());
            }
        }
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            PcmChunk chunk = PcmRecords.readChunk(record);
            streams.computeIfAbsent(
                            chunk.streamId(), streamId -> new ComparedStream(streamId, format, sent.sent(streamId)))
                    .see(chunk);
        }
    }

    private Map<String, Integer> seen() {
        Map<String, Integer> seen = new TreeMap<>();
        streams.keySet().forEach(streamId -> seen.put(streamId, frames(streamId)));
        return seen;
    }
}
