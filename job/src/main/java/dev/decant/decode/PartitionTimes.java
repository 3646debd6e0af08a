package dev.decant.decode;

import dev.decant.audio.PacketOrigin;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a subtask has come in each partition: the greatest record time that it saw, in milliseconds since the epoch. In
 * memory only; a new one knows nothing. Packets without a record time leave no trace.
 */
final class PartitionTimes {
    private final Map<String, long[]> timesByTopic = new HashMap<>();

    /** The topic of the last packet, which is nearly always that of the next one, and its times. */
    private String topic;

    private long[] times;

    /** Takes note of a packet. */
    void advance(PacketOrigin origin) {
        if (origin.recordTime() == PacketOrigin.NO_TIME) {
            return;
        }
        int partition = origin.partition();
        if (!origin.source().equals(topic) || partition >= times.length) {
            topic = origin.source();
            times = timesByTopic.compute(topic, (name, known) -> withRoomFor(partition, known));
        }
        times[partition] = Math.max(times[partition], origin.recordTime());
    }

    /** The time of the partition that a packet came from; {@link PacketOrigin#NO_TIME}: not known. */
    long of(PacketOrigin origin) {
        long[] known = timesByTopic.get(origin.source());
        return known == null || origin.partition() >= known.length ? PacketOrigin.NO_TIME : known[origin.partition()];
    }

    private static long[] withRoomFor(int partition, long[] known) {
        int length = known == null ? 0 : known.length;
        if (partition < length) {
            return known;
        }
        long[] roomy = new long[partition + 1];
        if (known != null) {
            System.arraycopy(known, 0, roomy, 0, length);
        }
        Arrays.fill(roomy, length, roomy.length, PacketOrigin.NO_TIME);
        return roomy;
    }
}
