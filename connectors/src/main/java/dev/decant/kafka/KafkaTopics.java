package dev.decant.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;

/** Looks at topics before a job starts. */
public final class KafkaTopics implements AutoCloseable {

    public static KafkaTopics connect(String brokers, Map<String, String> properties) {
        throw new UnsupportedOperationException();
    }

    public Map<String, Integer> requirePacketTopics(Collection<String> topics) {
        throw new UnsupportedOperationException();
    }

    public Map<String, Integer> requirePacketTopics(Pattern pattern) {
        throw new UnsupportedOperationException();
    }

    public int requireOutputTopic(String topic) {
        throw new UnsupportedOperationException();
    }

    public Duration maxTransactionTimeout() {
        throw new UnsupportedOperationException();
    }

    public int maxRecordBytes(String topic) {
        throw new UnsupportedOperationException();
    }

    public void create(String topic, int partitions) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
