package dev.decant.kafka;

import dev.decant.audio.PcmFrame;

/**
 * Writes PCM to Kafka, as {@link PcmHeaders} says. Frames that only tell of a new segment are not written: the next
 * frame's {@link PcmHeaders#SEGMENT} tells it too.
 */
public final class KafkaPcmSink {
    private KafkaPcmSink() {}

    public static Builder builder() {
        return new Builder();
    }

    /** Brokers and topic are required, and for exactly-once a transactional ID prefix. */
    public static final class Builder extends TopicSinkBuilder<PcmFrame, Builder> {
        private Builder() {
            super("PCM topic");
        }

        @Override
        TopicRecordWriter<PcmFrame> recordWriter(String topic, int maxRequestBytes) {
            return new PcmRecordWriter(topic);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
