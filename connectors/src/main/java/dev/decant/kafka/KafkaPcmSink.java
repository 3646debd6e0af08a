package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmFrame;
import java.util.Map;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Writes PCM to Kafka, as {@link PcmHeaders} says. Frames that only tell of a new segment are not written: the next
 * frame's {@link PcmHeaders#SEGMENT} tells it too.
 */
public final class KafkaPcmSink {
    private KafkaPcmSink() {}

    public static Builder builder() {
        return new Builder();
    }

    /**
     * The longest record that a producer with these properties sends, in bytes: its {@code max.request.size}.
     *
     * @throws IllegalArgumentException if a property is wrong; the message names it
     */
    public static int maxRequestBytes(String brokers, Map<String, String> properties) {
        return (int) ClientProperties.parseProducer(ClientProperties.checked(brokers, properties))
                .get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
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

        /**
         * The sink, for PCM that {@link PcmChunks} has regrouped.
         *
         * @throws IllegalArgumentException if something is missing or wrong; the message names it
         */
        public Sink<PcmChunk> buildForChunks() {
            return build((topic, maxRequestBytes) -> new PcmChunkRecordWriter(topic));
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
