package dev.decant.kafka;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts dead letters back on the topics that they came from: key, value, headers and time as they came, and
 * {@link DeadLetterHeaders#REPLAYS} counted up. The letters of a stream are put back in the order in which they lie in
 * one partition of the dead-letter topic; behind whatever their topic holds by now.
 *
 * <p>It reads from where its consumer group left off to the end that the topic has when it starts. Records and offsets are
 * committed together, some hundred at a time, so that each letter is put back once, even if this is killed and run again.
 * What is not put back stays in the dead-letter topic, but the group is past it.
 */
public final class DeadLetterReplay {
    /** Begins no transactional ID of a job's: their prefixes have no such character. */
    private static final String TRANSACTIONAL_ID_PREFIX = "decant-replay@";

    private final String brokers;
    private final String deadLetterTopic;
    private final String topic;
    private final Set<Reason> reasons;
    private final StartOffsets start;
    private final Map<String, String> properties;
    private final Properties consumer;
    private final Properties producer;
    private final int maxRequestBytes;

    private DeadLetterReplay(Builder builder) {
        brokers = builder.brokers;
        deadLetterTopic = TopicNames.require("dead-letter topic", builder.deadLetterTopic);
        topic = builder.topic == null ? null : TopicNames.require("packet topic", builder.topic);
        if (deadLetterTopic.equals(topic)) {
            throw new IllegalArgumentException("dead letters cannot be put back on their own topic \"" + topic
                    + "\": take another one, or none for the topics that they came from");
        }
        reasons = builder.reasons;
        start = builder.start;
        properties = builder.properties;
        consumer = consumerProperties(builder);
        producer = producerProperties(builder);
        Map<String, Object> parsed = ClientProperties.parseProducer(producer);
        ClientProperties.requireIdempotence(parsed);
        maxRequestBytes = (int) parsed.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Puts the letters back, and returns when Kafka has them.
     *
     * @param complaints is told, in a sentence each, of the letters that cannot be put back
     * @throws TopicException if a topic or the brokers cannot be used. What was committed by then stays; another run goes
     *     on after it
     */
    public ReplaySummary run(Consumer<String> complaints) {
        return call(topics -> {
            try (Producer<byte[], byte[]> transactions =
                    new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer())) {
                // Before the offsets are read: it settles what a killed run has left open.
                transactions.initTransactions();
                return through(topics, complaints, (backlog, batch, records) -> {
                    // Left open by an exception, it is aborted as the producer is closed.
                    transactions.beginTransaction();
                    // What cannot be sent is thrown by the commit.
                    records.forEach(transactions::send);
                    transactions.sendOffsetsToTransaction(batch.offsets(), backlog.group());
                    transactions.commitTransaction();
                });
            }
        });
    }

    /** What {@link #run} would do now; nothing is written. */
    public ReplaySummary preview(Consumer<String> complaints) {
        return call(topics -> through(topics, complaints, (backlog, batch, records) -> {}));
    }

    /** What is done with some letters: those of {@code records} go back, and the group gets past the batch. */
    private interface Step {
        void take(
                DeadLetterBacklog backlog, DeadLetterBacklog.Batch batch, List<ProducerRecord<byte[], byte[]>> records);
    }

    private ReplaySummary through(KafkaTopics topics, Consumer<String> complaints, Step step) {
        ReplaySummary summary = new ReplaySummary();
        ReplayTargets targets = new ReplayTargets(topics, topic, maxRequestBytes);
        try (DeadLetterBacklog backlog = DeadLetterBacklog.open(consumer, deadLetterTopic, start)) {
            DeadLetterBacklog.Batch batch = backlog.next();
            while (!batch.records().isEmpty()) {
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
                    judge(record, targets, summary, complaints).ifPresent(records::add);
                }
                step.take(backlog, batch, records);
                batch = backlog.next();
            }
        }
        return summary;
    }

    /** The record to put back for a dead letter, if it is one to put back; counted. */
    private Optional<ProducerRecord<byte[], byte[]>> judge(
            ConsumerRecord<byte[], byte[]> record,
            ReplayTargets targets,
            ReplaySummary summary,
            Consumer<String> complaints) {
        DeadLetter letter;
        Optional<String> missing;
        try {
            letter = DeadLetterRecords.read(record);
            missing = DeadLetterRecords.missing(record);
        } catch (IllegalArgumentException noDeadLetter) {
            summary.countUnreplayable(ReplaySummary.NO_DEAD_LETTER);
            complaints.accept(noDeadLetter.getMessage());
            return Optional.empty();
        }
        String reason = letter.reason().name();
        if (!reasons.contains(letter.reason())) {
            summary.countPassedOver(reason);
            return Optional.empty();
        }
        try {
            if (missing.isPresent()) {
                throw new UnreplayableException(missing.get());
            }
            ProducerRecord<byte[], byte[]> back = targets.record(letter);
            summary.countReplayed(reason);
            return Optional.of(back);
        } catch (UnreplayableException e) {
            summary.countUnreplayable(reason);
            complaints.accept("dead letter " + record.topic() + "-" + record.partition() + "@" + record.offset()
                    + ", of record " + letter.origin() + ", cannot be put back: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Runs it when the brokers answer and the topic is there; Kafka's exceptions in our words. */
    private ReplaySummary call(Function<KafkaTopics, ReplaySummary> replay) {
        try (KafkaTopics topics = KafkaTopics.connect(brokers, properties)) {
            topics.requireOutputTopic("dead-letter topic", deadLetterTopic);
            topics.requireReadable("dead-letter topic", deadLetterTopic);
            return replay.apply(topics);
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new TopicException(
                    "another replay of the consumer group \"" + consumer.getProperty(ConsumerConfig.GROUP_ID_CONFIG)
                            + "\" has begun, and this one has ended: run one at a time",
                    e);
        } catch (KafkaException e) {
            throw new TopicException(
                    "cannot replay the dead letters of topic \"" + deadLetterTopic + "\" at " + brokers + ": "
                            + TopicException.reason(e),
                    e);
        }
    }

    private static Properties consumerProperties(Builder builder) {
        if (builder.group == null || builder.group.isBlank()) {
            throw new IllegalArgumentException("no consumer group: give it a name, \"decant-replay\" for instance");
        }
        Properties consumer = ClientProperties.checked(builder.brokers, builder.properties);
        consumer.setProperty(ConsumerConfig.GROUP_ID_CONFIG, builder.group);
        // Dead letters of an aborted transaction were never written; and offsets of an open one are waited for.
        consumer.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        consumer.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        consumer.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        ClientProperties.parseConsumer(consumer);
        return consumer;
    }

    private static Properties producerProperties(Builder builder) {
        Properties producer = ClientProperties.checked(builder.brokers, builder.properties);
        producer.setProperty(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID_PREFIX + builder.group);
        return producer;
    }

    /** Brokers, dead-letter topic and group are required. */
    public static final class Builder {
        private String brokers;
        private String deadLetterTopic;
        private String topic;
        private Set<Reason> reasons = EnumSet.allOf(Reason.class);
        private String group;
        private StartOffsets start = StartOffsets.committed();
        private Map<String, String> properties = Map.of();

        private Builder() {}

        /** Where to find the cluster: {@code host:port,host:port}. */
        public Builder brokers(String brokers) {
            this.brokers = brokers;
            return this;
        }

        /** The topic to read. */
        public Builder deadLetterTopic(String deadLetterTopic) {
            this.deadLetterTopic = deadLetterTopic;
            return this;
        }

        /** The topic to put every letter on, by its key; null, or not set: each letter goes where it came from. */
        public Builder topic(String topic) {
            this.topic = topic;
            return this;
        }

        /** Which letters to put back; all unless set. The others are passed over. */
        public Builder reasons(Set<Reason> reasons) {
            this.reasons = Set.copyOf(reasons);
            return this;
        }

        /** The consumer group whose offsets say how far the replay has come. */
        public Builder group(String group) {
            this.group = group;
            return this;
        }

        /** Where to start; {@link StartOffsets#committed()} unless set. What was put back before is put back again. */
        public Builder startAt(StartOffsets start) {
            this.start = Objects.requireNonNull(start, "start");
            return this;
        }

        /** Any property of the Kafka clients, but those that have a method here. */
        public Builder properties(Map<String, String> properties) {
            this.properties = Map.copyOf(properties);
            return this;
        }

        /**
         * The replay; it does not connect yet.
         *
         * @throws IllegalArgumentException if something is missing or wrong; the message names it
         */
        public DeadLetterReplay build() {
            return new DeadLetterReplay(this);
        }
    }
}
