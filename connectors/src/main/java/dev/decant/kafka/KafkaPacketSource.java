package dev.decant.kafka;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketHeaders;
import dev.decant.rtp.RtpSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.java.typeutils.EitherTypeInfo;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.types.Either;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Reads packets from Kafka, as {@link PacketHeaders} says. A record that breaks the contract does not fail the job: it
 * comes out as a dead letter, which {@link DeadLetterSplitter} puts aside.
 */
public final class KafkaPacketSource {
    /** A packet (right), or a record that is none (left). */
    public static final TypeInformation<Either<DeadLetter, OpusPacket>> TYPE =
            new EitherTypeInfo<>(DeadLetter.TYPE, OpusPacket.TYPE);

    private KafkaPacketSource() {}

    public static Builder builder() {
        return new Builder();
    }

    /** Brokers, group, and topics or a topic pattern are required. */
    public static final class Builder {
        private String brokers;
        private List<String> topics;
        private Pattern topicPattern;
        private String group;
        private StartOffsets start = StartOffsets.committed();
        private EndOffsets end = EndOffsets.none();
        private Map<String, String> properties = Map.of();
        private KafkaRecordDeserializationSchema<Either<DeadLetter, OpusPacket>> records = new PacketRecordReader();

        private Builder() {}

        /** Where to find the cluster: {@code host:port,host:port}. */
        public Builder brokers(String brokers) {
            this.brokers = brokers;
            return this;
        }

        /** The topics to read. */
        public Builder topics(List<String> topics) {
            this.topics = List.copyOf(topics);
            return this;
        }

        /** The topics to read: all whose whole name matches, those that are created later included. */
        public Builder topicPattern(Pattern topicPattern) {
            this.topicPattern = Objects.requireNonNull(topicPattern, "topicPattern");
            return this;
        }

        /** The consumer group, whose offsets are committed with each checkpoint. */
        public Builder group(String group) {
            this.group = group;
            return this;
        }

        /** Where to start without a checkpoint; {@link StartOffsets#committed()} unless set. */
        public Builder startAt(StartOffsets start) {
            this.start = Objects.requireNonNull(start, "start");
            return this;
        }

        /** Where to end; {@link EndOffsets#none()} unless set. */
        public Builder endAt(EndOffsets end) {
            this.end = Objects.requireNonNull(end, "end");
            return this;
        }

        /** Takes the values of records for RTP packets; unless set, they are Opus packets. */
        public Builder rtp(RtpSettings settings) {
            this.records = new RtpRecordReader(Objects.requireNonNull(settings, "settings"));
            return this;
        }

        /** Any property of the Kafka consumer and of Flink's Kafka source, but those that have a method here. */
        public Builder properties(Map<String, String> properties) {
            this.properties = Map.copyOf(properties);
            return this;
        }

        /**
         * The source.
         *
         * @throws IllegalArgumentException if something is missing or wrong; the message names it
         */
        public Source<Either<DeadLetter, OpusPacket>, ?, ?> build() {
            Properties consumer = consumerProperties();
            KafkaSourceBuilder<Either<DeadLetter, OpusPacket>> source = KafkaSource.builder();
            subscribe(source);
            source.setStartingOffsets(start).setDeserializer(records).setProperties(consumer);
            if (end.isBounded()) {
                source.setBounded(end.initializer());
            }
            return new WatchedKafkaSource<>(source.build(), consumer);
        }

        private void subscribe(KafkaSourceBuilder<?> source) {
            boolean byName = topics != null && !topics.isEmpty();
            if (byName == (topicPattern != null)) {
                throw new IllegalArgumentException(
                        byName
                                ? "both topics and a topic pattern are given: take one of them"
                                : "no topic to read packets from: give topics or a topic pattern");
            }
            if (byName) {
                topics.forEach(topic -> TopicNames.require("packet topic", topic));
                source.setTopics(topics);
            } else {
                source.setTopicPattern(topicPattern);
            }
        }

        private Properties consumerProperties() {
            if (group == null || group.isBlank()) {
                throw new IllegalArgumentException("no consumer group: give it a name, \"decant\" for instance");
            }
            Properties consumer = new Properties();
            // Packets of an aborted transaction were never sent.
            consumer.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            // A topic whose name is misspelt must not come into being by being read.
            consumer.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
            consumer.putAll(ClientProperties.checked(brokers, properties));
            consumer.setProperty(ConsumerConfig.GROUP_ID_CONFIG, group);
            ClientProperties.parseConsumer(consumer);
            return consumer;
        }
    }
}
