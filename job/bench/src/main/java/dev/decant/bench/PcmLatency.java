package dev.decant.bench;

import dev.decant.audio.PcmFrame;
import dev.decant.kafka.PcmRecords;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How long packets take from their record time until a consumer has their PCM. Of one thread. */
final class PcmLatency implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** The newest PCM of a job that has caught up is not older, even if it had to wait for a checkpoint to complete. */
    private static final int MOST_MILLIS_BEHIND = 1_000;

    private final PcmFollower follower;
    private final LiveStreams streams;
    private final int samplesOfPacket;

    /**
     * @param isolation {@link PcmFollower#COMMITTED} or {@link PcmFollower#WRITTEN}
     * @param streams what the PCM is of, a record for each packet
     * @param samplesOfPacket at the rate of the PCM
     */
    PcmLatency(String brokers, String topic, Map<String, Object> isolation, LiveStreams streams, int samplesOfPacket) {
        this.follower = new PcmFollower(brokers, topic, isolation);
        this.streams = streams;
        this.samplesOfPacket = samplesOfPacket;
    }

    /**
     * Reads until so many records have come, of a job that has caught up: what it owes to its start is not counted.
     *
     * @param warmUp records before those that count, at least
     * @param counted records
     * @return of each that counts, ms; sorted
     * @throws BenchException if they do not come, or the job falls behind
     */
    long[] measure(int warmUp, int counted) throws InterruptedException {
        long[] latencies = new long[counted];
        int passedOver = 0;
        int taken = 0;
        boolean caughtUp = false;
        long start = System.nanoTime();
        while (taken < counted) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new BenchException("the job does not keep up with its packets on this machine: after "
                        + PATIENCE.toMinutes() + " minutes PCM of " + (passedOver + taken) + " has come, and "
                        + taken + " of " + counted + " after it had caught up");
            }
            Iterable<ConsumerRecord<byte[], byte[]>> records = follower.poll();
            long now = System.currentTimeMillis();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                long latency = now - streams.time(packet(record));
                caughtUp |= passedOver >= warmUp && latency <= MOST_MILLIS_BEHIND;
                if (!caughtUp) {
                    passedOver++;
                } else if (taken < counted) {
                    latencies[taken++] = latency;
                }
            }
            streams.sent();
        }
        Arrays.sort(latencies);
        return latencies;
    }

    /** The number of the packet in its stream; none is lost and none ends, so that positions tell it. */
    private int packet(ConsumerRecord<byte[], byte[]> record) {
        PcmFrame frame = PcmRecords.read(record);
        return (int) (frame.position() / samplesOfPacket);
    }

    @Override
    public void close() {
        follower.close();
    }
}
