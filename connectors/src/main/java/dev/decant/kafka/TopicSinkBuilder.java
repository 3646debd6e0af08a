package dev.decant.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What every sink that writes to a topic has to know: brokers, topic, guarantee, transactions, client properties. */
abstract class TopicSinkBuilder<T, B extends TopicSinkBuilder<T, B>> {
    /** A broker's {@code transaction.max.timeout.ms} as it comes out of the box. */
    static final Duration DEFAULT_TRANSACTION_TIMEOUT = Duration.ofMinutes(15);

    private static final Pattern TRANSACTIONAL_ID_PREFIXES = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    /**
     * Ends the prefix in every transactional ID: the connector aborts what begins with a sink's prefix, so no prefix
     * may be the beginning of another one.
     */
    private static final String TRANSACTIONAL_ID_PREFIX_END = ":";

    private final String role;
    private String brokers;
    private String topic;
    private DeliveryGuarantee guarantee = DeliveryGuarantee.EXACTLY_ONCE;
    private String transactionalIdPrefix;
    private Duration transactionTimeout = DEFAULT_TRANSACTION_TIMEOUT;
    private Map<String, String> properties = Map.of();

    TopicSinkBuilder(String role) {
        this.role = role;
    }

    /** Where to find the cluster: {@code host:port,host:port}. */
    public final B brokers(String brokers) {
        this.brokers = brokers;
        return self();
    }

    /** The topic to write to. */
    public final B topic(String topic) {
        this.topic = topic;
        return self();
    }

    /** Exactly once (unless set; records are visible when their checkpoint completes), or at least once (at once). */
    public final B guarantee(DeliveryGuarantee guarantee) {
        this.guarantee = Objects.requireNonNull(guarantee, "guarantee");
        return self();
    }

    /**
     * What the sink's transactional IDs begin with: required for exactly-once, the same in every run of a job, and
     * different for every sink of the cluster. 1 to 200 letters, digits, dots, underscores and hyphens.
     */
    public final B transactionalIdPrefix(String prefix) {
        this.transactionalIdPrefix = prefix;
        return self();
    }

    /**
     * How long the broker keeps a transaction open: a job that is down for longer loses what its last checkpoint held
     * (see {@link TransactionAgeCheck}), so take {@link KafkaTopics#maxTransactionTimeout()}; 15 minutes unless set. At
     * most 24 days.
     */
    public final B transactionTimeout(Duration timeout) {
        this.transactionTimeout = Objects.requireNonNull(timeout, "timeout");
        return self();
    }

    /**
     * Any property of the Kafka producer, but those that have a method here. Unless it is among them, {@code batch.size} is
     * 131,072 bytes, eight times Kafka's own.
     */
    public final B properties(Map<String, String> properties) {
        this.properties = Map.copyOf(properties);
        return self();
    }

    /**
     * The sink.
     *
     * @throws IllegalArgumentException if something is missing or wrong; the message names it
     */
    public final Sink<T> build() {
        return build(this::recordWriter);
    }

    /** The sink of what {@code recordWriter} takes, for those with more than one form of what they write. */
    final <R> Sink<R> build(RecordWriters<R> recordWriter) {
        TopicNames.require(role, topic);
        Properties producer = ClientProperties.ofProducer(brokers, properties);
        var sink = KafkaSink.<R>builder().setDeliveryGuarantee(guarantee);
        switch (guarantee) {
            case EXACTLY_ONCE -> {
                producer.setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, transactionTimeoutMillis());
                sink.setTransactionalIdPrefix(requirePrefix() + TRANSACTIONAL_ID_PREFIX_END);
                // POOLING uses a handful of transactional IDs for ever. INCREMENTING makes a new one for each
                // checkpoint and subtask, which the broker remembers for a week (60,000 a subtask at 10 s), and after
                // a crash it probes one ID after the other. POOLING looks for open transactions on the topic
                // instead; for that it wants Kafka 3.0 and the right to read the topic.
                sink.setTransactionNamingStrategy(TransactionNamingStrategy.POOLING);
            }
            case AT_LEAST_ONCE -> {
                // No transactions.
            }
            default ->
                throw new IllegalArgumentException("the " + role + " cannot be written with guarantee " + guarantee
                        + ": take exactly-once or at-least-once");
        }
        Map<String, Object> parsed = ClientProperties.parseProducer(producer);
        ClientProperties.requireIdempotence(parsed);
        int maxRequestBytes = (int) parsed.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        KafkaSink<R> built = sink.setKafkaProducerConfig(producer)
                .setRecordSerializer(recordWriter.of(topic, maxRequestBytes))
                .build();
        return guarantee == DeliveryGuarantee.EXACTLY_ONCE ? new WatchedKafkaSink<>(built) : built;
    }

    /** Turns elements into records for {@code topic}, of which the producer takes at most {@code maxRequestBytes}. */
    abstract TopicRecordWriter<T> recordWriter(String topic, int maxRequestBytes);

    abstract B self();

    /** Makes what turns elements into records. */
    interface RecordWriters<R> {
        TopicRecordWriter<R> of(String topic, int maxRequestBytes);
    }

    private String requirePrefix() {
        if (transactionalIdPrefix == null
                || !TRANSACTIONAL_ID_PREFIXES.matcher(transactionalIdPrefix).matches()) {
            throw new IllegalArgumentException("the transactional ID prefix of the " + role + " cannot be "
                    + (transactionalIdPrefix == null ? "left out" : "\"" + transactionalIdPrefix + "\"")
                    + ": take 1 to 200 letters, digits, dots, underscores and hyphens");
        }
        return transactionalIdPrefix;
    }

    private String transactionTimeoutMillis() {
        long millis = transactionTimeout.toMillis();
        if (millis < 1 || millis > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the transaction timeout of the " + role + " cannot be "
                    + transactionTimeout + ": take 1 ms to " + Integer.MAX_VALUE + " ms, and no more than the broker's"
                    + " transaction.max.timeout.ms");
        }
        return Long.toString(millis);
    }
}
