package dev.decant.job;

import dev.decant.kafka.DeadLetterRecords;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a topic of dead letters holds of each stream. */
final class DeadLetterCounts {
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
        Map<String, Count> counts = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> letter : CommittedRecords.read(brokers, topic)) {
            String streamId = letter.key() == null ? "" : new String(letter.key(), StandardCharsets.UTF_8);
            counts.merge(
                    streamId,
                    new Count(1, DeadLetterRecords.read(letter).message()),
                    (before, one) -> new Count(before.count() + 1, before.message()));
        }
        return counts;
    }
}
