package dev.decant.kafka;

import dev.decant.audio.DeadLetter;

/**
 * Writes dead letters to Kafka, as {@link DeadLetterHeaders} says: key and value as they came. A record that grows too
 * long by its headers is cut at the end of its value, never refused: a dead letter must not fail the job.
 */
public final class KafkaDeadLetterSink {
    private KafkaDeadLetterSink() {}

    public static Builder builder() {
        return new Builder();
    }

    /** Brokers and topic are required, and for exactly-once a transactional ID prefix. */
    public static final class Builder extends TopicSinkBuilder<DeadLetter, Builder> {
        private static final int MIN_RECORD_BYTES = 16_384;

        private int maxRecordBytes = Integer.MAX_VALUE;

        private Builder() {
            super("dead-letter topic");
        }

        /**
         * The longest record that the topic takes: its {@code max.message.bytes}, which
         * {@link KafkaTopics#maxRecordBytes} reads; at least 16,384. The producer's {@code max.request.size}
         * (1,048,576 unless set) counts as well.
         */
        public Builder maxRecordBytes(int maxRecordBytes) {
            this.maxRecordBytes = maxRecordBytes;
            return this;
        }

        @Override
        TopicRecordWriter<DeadLetter> recordWriter(String topic, int maxRequestBytes) {
            int limit = Math.min(maxRecordBytes, maxRequestBytes);
            if (limit < MIN_RECORD_BYTES) {
                throw new IllegalArgumentException("records of at most " + limit
                        + " bytes are too short for dead letters: set max.message.bytes of topic \"" + topic
                        + "\" and max.request.size to at least " + MIN_RECORD_BYTES);
            }
            return new DeadLetterRecordWriter(topic, limit);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
