package dev.decant.bench;

import dev.decant.audio.PcmFrame;
import dev.decant.kafka.PcmRecords;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A read_committed consumer that follows a PCM topic. Of one thread. */
final class CommittedPcm implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final PcmFollower follower;
    private final String topic;
    private final LiveStreams streams;

    /**
     * @param streams what the PCM is of
     */
    CommittedPcm(String brokers, String topic, LiveStreams streams) {
        this.topic = topic;
        this.streams = streams;
        follower = new PcmFollower(brokers, topic, PcmFollower.COMMITTED);
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
            for (ConsumerRecord<byte[], byte[]> record : follower.poll()) {
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
        follower.close();
    }
}
