package dev.decant.kafka;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The properties that a user passes on to the Kafka clients: which are refused, and whether the rest is sound. Their values
 * are never logged here; the clients log their own configuration, and what they know to be a password, {@code
 * sasl.jaas.config} included, as {@code [hidden]}. Secrets need not stand in them: {@link ClientSecrets}.
 */
final class ClientProperties {
    /**
     * Kafka's own, 16 KiB, are a request for every 20 frames of wideband speech, which costs a third of what it costs to
     * decode them; a chunk of a second is longer than that by itself.
     */
    private static final int BATCH_BYTES = 128 << 10;

    /** Properties that Decant sets itself, and what to use in their stead. */
    private static final Map<String, String> OWN = Map.ofEntries(
            Map.entry(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "name the brokers by their own option"),
            Map.entry(ConsumerConfig.GROUP_ID_CONFIG, "name the group by its own option"),
            Map.entry(
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "a consumer that resets its offset skips packets; choose where to start by its own option"),
            Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "offsets are committed with checkpoints"),
            Map.entry(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, "keys are read as stream IDs"),
            Map.entry(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, "values are read as packets"),
            Map.entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, "keys are stream IDs"),
            Map.entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, "values are packets or samples"),
            Map.entry(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, "a stream must stay in one partition"),
            Map.entry(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "choose a prefix by its own option"),
            Map.entry(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "choose the timeout by its own option"));

    private ClientProperties() {}

    /**
     * {@code properties} and the brokers, for any client.
     *
     * @throws IllegalArgumentException if there are no brokers, or a property is one that Decant sets itself
     */
    static Properties checked(String brokers, Map<String, String> properties) {
        if (brokers == null || brokers.isBlank()) {
            throw new IllegalArgumentException("no brokers: take host:port, or several with commas between them");
        }
        Properties checked = new Properties();
        properties.forEach((name, value) -> {
            String instead = OWN.get(name);
            if (instead != null) {
                throw new IllegalArgumentException(
                        "the Kafka property " + name + " is set by Decant itself: " + instead);
            }
            checked.setProperty(name, value);
        });
        checked.setProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        ClientSecrets.addProviders(checked);
        return checked;
    }

    /**
     * As {@link #checked}, for a producer of PCM: its batches are larger than Kafka's own, unless the properties say how
     * large.
     */
    static Properties ofProducer(String brokers, Map<String, String> properties) {
        Properties checked = checked(brokers, properties);
        checked.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(BATCH_BYTES));
        return checked;
    }

    /** The configuration of a consumer with these properties, or the reason why Kafka refuses them, at submission. */
    static Map<String, Object> parseConsumer(Properties properties) {
        return parse(
                ConsumerConfig.configDef(),
                properties,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class);
    }

    /** The configuration of a producer with these properties, or the reason why Kafka refuses them, at submission. */
    static Map<String, Object> parseProducer(Properties properties) {
        return parse(
                ProducerConfig.configDef(),
                properties,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class);
    }

    /**
     * Refuses what keeps Kafka from writing each record once and in order; left alone, it does.
     *
     * @param producer what {@link #parseProducer} gave
     */
    static void requireIdempotence(Map<String, Object> producer) {
        refuseUnless(
                Boolean.TRUE.equals(producer.get(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG)),
                "enable.idempotence must stay true");
        Object acks = producer.get(ProducerConfig.ACKS_CONFIG);
        refuseUnless("all".equals(acks) || "-1".equals(acks), "acks must stay all");
        refuseUnless((int) producer.get(ProducerConfig.RETRIES_CONFIG) > 0, "retries must be 1 or more");
        refuseUnless(
                (int) producer.get(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION) <= 5,
                "max.in.flight.requests.per.connection must be 5 or less");
    }

    private static void refuseUnless(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "the Kafka property " + rule + ": else records are lost, written twice or out of order");
        }
    }

    private static Map<String, Object> parse(
            ConfigDef definition, Properties properties, String keyClass, String valueClass, Class<?> bytes) {
        Properties complete = new Properties();
        complete.putAll(properties);
        complete.setProperty(keyClass, bytes.getName());
        complete.setProperty(valueClass, bytes.getName());
        try {
            return definition.parse(complete);
        } catch (ConfigException e) {
            throw new IllegalArgumentException("the Kafka client refuses a property: " + e.getMessage(), e);
        }
    }
}
