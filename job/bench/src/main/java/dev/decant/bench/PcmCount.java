package dev.decant.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Counts the samples of a PCM topic, s16le mono, for little CPU time. Of one thread. */
final class PcmCount implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** A broker that had to answer for each packet would take CPUs that the job could have. */
    private static final int BYTES_OF_AN_ANSWER = 1 << 20;

    private final PcmFollower follower;
    private final ComparedStreams compared;
    private long samples;

    /**
     * @param isolation {@link PcmFollower#COMMITTED} or {@link PcmFollower#WRITTEN}
     * @param streams of {@link PacketRounds}
     */
    PcmCount(String brokers, String topic, Map<String, Object> isolation, int streams) {
        compared = new ComparedStreams(streams);
        Map<String, Object> properties = new HashMap<>(isolation);
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, BYTES_OF_AN_ANSWER);
        follower = new PcmFollower(brokers, topic, properties);
    }

    /**
     * Waits until so many samples are there.
     *
     * @param awaited since the beginning of the topic
     * @throws BenchException if they do not come, or more of them
     */
    void await(long awaited) {
        long start = System.nanoTime();
        while (samples < awaited) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new BenchException(
                        samples + " samples came within " + PATIENCE.toMinutes() + " minutes, not " + awaited);
            }
            for (ConsumerRecord<byte[], byte[]> record : follower.poll()) {
                // The end of a stream has no value.
                if (record.value() != null) {
                    samples += record.value().length / Short.BYTES;
                    compared.see(new String(record.key(), StandardCharsets.UTF_8), record.value());
                }
            }
        }
        if (samples > awaited) {
            throw new BenchException(samples + " samples came, not " + awaited);
        }
    }

    /** Of the samples so far. */
    long hash() {
        return compared.hash();
    }

    @Override
    public void close() {
        follower.close();
    }
}
