package dev.decant.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a cluster and its topics before a job is submitted, so that what would fail on a TaskManager fails here, in
 * one sentence and within seconds. Not for several threads at once.
 */
public final class KafkaTopics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTopics.class);

    /** How long one question to the brokers may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

    private static final String MAX_TRANSACTION_TIMEOUT = "transaction.max.timeout.ms";

    /** Kafka's {@code max.message.bytes} as it comes out of the box. */
    private static final int DEFAULT_MAX_RECORD_BYTES = 1_048_588;

    private final String brokers;
    private final Admin admin;
    private final Duration patience;

    private KafkaTopics(String brokers, Admin admin, Duration patience) {
        this.patience = patience;
        this.brokers = brokers;
        this.admin = admin;
    }

    /**
     * Connects to the cluster; to be closed by the caller.
     *
     * @param brokers where to find the cluster: {@code host:port,host:port}
     * @param properties any property of the Kafka admin client, but those that Decant sets itself
     * @throws IllegalArgumentException if something is missing or wrong; the message names it
     * @throws TopicException if no broker can be reached, or none answers
     */
    public static KafkaTopics connect(String brokers, Map<String, String> properties) {
        return connect(brokers, properties, PATIENCE);
    }

    static KafkaTopics connect(String brokers, Map<String, String> properties, Duration patience) {
        Properties adminProperties = new Properties();
        // A lost connection is one line in the log, not a hundred.
        adminProperties.setProperty(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, "5000");
        adminProperties.setProperty(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "5000");
        adminProperties.putAll(ClientProperties.checked(brokers, properties));
        requireReachable(brokers);
        ClientSecrets.requireReadable(brokers, adminProperties);
        Admin admin;
        try {
            admin = Admin.create(adminProperties);
        } catch (KafkaException e) {
            throw TopicException.noClient(brokers, TopicException.reason(e), e);
        }
        KafkaTopics topics = new KafkaTopics(brokers, admin, patience);
        try {
            topics.ask("describe the cluster", admin.describeCluster().clusterId());
        } catch (TopicException e) {
            topics.close();
            throw e;
        }
        return topics;
    }

    /**
     * A plain connection to one of the brokers: the Kafka client would try again and again, and log each time.
     */
    private static void requireReachable(String brokers) {
        StringBuilder failures = new StringBuilder();
        for (String broker : brokers.split(",", -1)) {
            String address = broker.trim();
            String host = Utils.getHost(address);
            Integer port = Utils.getPort(address);
            if (host == null || port == null || port < 1 || port > 65_535) {
                throw new IllegalArgumentException("\"" + address + "\" is no broker: take host:port");
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port), (int) CONNECT_PATIENCE.toMillis());
                return;
            } catch (UnknownHostException e) {
                failures.append(failures.isEmpty() ? "" : "; ").append(address).append(": unknown host");
            } catch (IOException e) {
                failures.append(failures.isEmpty() ? "" : "; ")
                        .append(address)
                        .append(": ")
                        .append(e.getMessage());
            }
        }
        throw new TopicException("no Kafka broker can be reached (" + failures + "): check the brokers' addresses");
    }

    /**
     * The topics and how many partitions each has.
     *
     * @throws TopicException if one does not exist, may not be read, or is compacted
     */
    public Map<String, Integer> requirePacketTopics(Collection<String> names) {
        Map<String, Integer> partitions = new TreeMap<>();
        for (String name : names) {
            partitions.put(name, require("packet topic", name));
            requireNotCompacted(name);
        }
        return partitions;
    }

    /**
     * The topics whose whole name matches and how many partitions each has.
     *
     * @throws TopicException if none matches, or one may not be read or is compacted
     */
    public Map<String, Integer> requirePacketTopics(Pattern pattern) {
        Set<String> names = new TreeSet<>(ask("list topics", admin.listTopics().names()));
        names.removeIf(name -> !pattern.matcher(name).matches());
        if (names.isEmpty()) {
            throw new TopicException("no topic at " + brokers + " matches the packet topic pattern \"" + pattern
                    + "\": create one, or change the pattern");
        }
        return requirePacketTopics(names);
    }

    /**
     * How many partitions a topic that is written to has.
     *
     * @param role what it is for, as a message names it: "PCM topic"
     * @throws TopicException if it does not exist, or may not be read
     */
    public int requireOutputTopic(String role, String name) {
        return require(role, name);
    }

    private int require(String role, String name) {
        TopicNames.require(role, name);
        return partitions(role, name)
                .orElseThrow(() -> new TopicException(role + " \"" + name + "\" does not exist at " + brokers
                        + ": create it, for instance with kafka-topics.sh --bootstrap-server " + brokers
                        + " --create --topic " + name + " --partitions 8"));
    }

    /**
     * Makes sure that this user may read a topic.
     *
     * @param role what it is for, as a message names it: "packet topic"
     * @throws TopicException if not
     */
    public void requireReadable(String role, String name) {
        requireAllowed(role, name, AclOperation.READ, "read");
    }

    /**
     * Makes sure that this user may write to a topic.
     *
     * @param role what it is for, as a message names it: "PCM topic"
     * @throws TopicException if not
     */
    public void requireWritable(String role, String name) {
        requireAllowed(role, name, AclOperation.WRITE, "written");
    }

    private void requireAllowed(String role, String name, AclOperation operation, String done) {
        DescribeTopicsOptions withRights = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        TopicDescription topic = ask(
                "look at " + role + " \"" + name + "\"",
                admin.describeTopics(List.of(name), withRights)
                        .topicNameValues()
                        .get(name));
        // Of brokers without an authorizer everything may be done with a topic.
        if (!topic.authorizedOperations().contains(operation)) {
            throw new TopicException(role + " \"" + name + "\" at " + brokers + " may not be " + done
                    + " by this user: allow " + operation + " on it");
        }
    }

    /** Whether there is such a topic. */
    boolean exists(String name) {
        return Topic.isValid(name) && partitions("topic", name).isPresent();
    }

    /** How many partitions a topic has; empty if it does not exist. */
    private OptionalInt partitions(String role, String name) {
        try {
            TopicDescription topic =
                    get(admin.describeTopics(List.of(name)).topicNameValues().get(name));
            return OptionalInt.of(topic.partitions().size());
        } catch (UnknownTopicOrPartitionException e) {
            return OptionalInt.empty();
        } catch (KafkaException | TimeoutException e) {
            throw failed("look at " + role + " \"" + name + "\"", e);
        }
    }

    /** Compaction keeps the last packet of each stream and throws the others away. */
    private void requireNotCompacted(String name) {
        Config config = configuration(ConfigResource.Type.TOPIC, name);
        if (config != null
                && config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new TopicException("packet topic \"" + name + "\" is compacted, so Kafka throws away all packets of a"
                    + " stream but the last: set its cleanup.policy to delete");
        }
    }

    /**
     * How long the brokers keep a transaction open at most: their {@code transaction.max.timeout.ms}, or 15 minutes,
     * which is its default, where this user may not read it.
     *
     * @throws TopicException if the brokers do not answer
     */
    public Duration maxTransactionTimeout() {
        Node broker =
                ask("list brokers", admin.describeCluster().nodes()).iterator().next();
        Config config = configuration(ConfigResource.Type.BROKER, broker.idString());
        return config == null
                ? TopicSinkBuilder.DEFAULT_TRANSACTION_TIMEOUT
                : Duration.ofMillis(
                        Long.parseLong(config.get(MAX_TRANSACTION_TIMEOUT).value()));
    }

    /**
     * The longest record that a topic takes, in bytes: its {@code max.message.bytes}, or that setting's default where
     * this user may not read it.
     *
     * @throws TopicException if the topic does not exist or the brokers do not answer
     */
    public int maxRecordBytes(String topic) {
        Config config = configuration(ConfigResource.Type.TOPIC, topic);
        return config == null
                ? DEFAULT_MAX_RECORD_BYTES
                : Integer.parseInt(
                        config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    }

    /**
     * How old a record may be, by its own time, for a topic to take it and not to delete it at once; empty where that has
     * no limit, the time is that of the writing (log append time), or this user may not read the setting.
     *
     * @throws TopicException if the topic does not exist or the brokers do not answer
     */
    Optional<Duration> maxRecordAge(String topic) {
        Config config = configuration(ConfigResource.Type.TOPIC, topic);
        if (config == null
                || config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)
                        .value()
                        .equals(TimestampType.LOG_APPEND_TIME.name)) {
            return Optional.empty();
        }
        long retention =
                Long.parseLong(config.get(TopicConfig.RETENTION_MS_CONFIG).value());
        long taken = Long.parseLong(
                config.get(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG).value());
        long age = retention < 0 ? taken : Math.min(retention, taken);
        return age == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofMillis(age));
    }

    /** The configuration of a topic or broker, or null if this user may not see it. */
    private Config configuration(ConfigResource.Type type, String name) {
        ConfigResource resource = new ConfigResource(type, name);
        try {
            return get(admin.describeConfigs(List.of(resource)).values().get(resource));
        } catch (AuthorizationException e) {
            LOG.warn("The configuration of {} at {} cannot be checked: {}", resource, brokers, e.getMessage());
            return null;
        } catch (KafkaException | TimeoutException e) {
            throw failed("read the configuration of " + resource, e);
        }
    }

    /**
     * Creates a topic, with the replication factor that the brokers take as a default. One that is there already stays
     * as it is.
     *
     * @throws TopicException if it cannot be created
     */
    public void create(String name, int partitions) {
        TopicNames.require("topic", name);
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty());
        try {
            get(admin.createTopics(List.of(topic)).values().get(name));
        } catch (TopicExistsException e) {
            LOG.info("Topic {} exists already", name);
        } catch (KafkaException | TimeoutException e) {
            throw failed("create topic \"" + name + "\" with " + partitions + " partitions", e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private <T> T ask(String question, KafkaFuture<T> answer) {
        try {
            return get(answer);
        } catch (KafkaException | TimeoutException e) {
            throw failed(question, e);
        }
    }

    private <T> T get(KafkaFuture<T> answer) throws TimeoutException {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException cause) {
                throw cause;
            }
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    private TopicException failed(String action, Exception e) {
        return new TopicException("cannot " + action + " at " + brokers + ": " + why(e), e);
    }

    private String why(Exception e) {
        if (e instanceof TimeoutException) {
            return "no answer within " + patience.toMillis() + " ms; if the brokers want TLS or a login, give the Kafka"
                    + " properties security.protocol, ssl.* and sasl.*";
        }
        if (e instanceof SslAuthenticationException) {
            return "TLS came to nothing (" + TopicException.reason(e)
                    + "): see to ssl.truststore.*, which must hold the"
                    + " authority of the brokers' certificates, and to ssl.keystore.* if they want one of the client's";
        }
        if (e instanceof SaslAuthenticationException) {
            return "the login was refused (" + TopicException.reason(e)
                    + "): see to sasl.mechanism and sasl.jaas.config";
        }
        return TopicException.reason(e);
    }
}
