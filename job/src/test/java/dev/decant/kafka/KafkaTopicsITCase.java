package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.decant.local.KafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a broker is asked before a job is submitted, and what is said when its topics will not do. */
class KafkaTopicsITCase {
    private static KafkaBroker broker;

    private KafkaTopics topics;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.start(Map.of("transaction.max.timeout.ms", "1234567"));
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            admin.createTopics(List.of(
                            topic("packets", 3, Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "54321")),
                            topic("packets-of-others", 1, Map.of()),
                            topic("compacted", 1, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact")),
                            topic("both-ways", 1, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact,delete"))))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    @BeforeEach
    void connect() {
        topics = KafkaTopics.connect(broker.bootstrapServers(), Map.of());
    }

    @AfterEach
    void disconnect() {
        topics.close();
    }

    @Test
    void countsThePartitionsOfTopicsThatWillDo() {
        assertThat(topics.requirePacketTopics(List.of("packets", "packets-of-others")))
                .isEqualTo(Map.of("packets", 3, "packets-of-others", 1));
        assertThat(topics.requirePacketTopics(Pattern.compile("packets.*")))
                .isEqualTo(Map.of("packets", 3, "packets-of-others", 1));
        assertThat(topics.requirePacketTopics(Pattern.compile("packet.")))
                .as("the whole name must match")
                .isEqualTo(Map.of("packets", 3));
        assertThat(topics.requireOutputTopic("PCM topic", "packets")).isEqualTo(3);
    }

    @Test
    void namesATopicThatIsMissing() {
        assertSaid(() -> topics.requirePacketTopics(List.of("packets", "pakets")))
                .isEqualTo("packet topic \"pakets\" does not exist at " + broker.bootstrapServers()
                        + ": create it, for instance with kafka-topics.sh --bootstrap-server "
                        + broker.bootstrapServers() + " --create --topic pakets --partitions 8");
        assertSaid(() -> topics.requireOutputTopic("PCM topic", "pcn"))
                .startsWith("PCM topic \"pcn\" does not exist at " + broker.bootstrapServers());
    }

    @Test
    void namesAPatternThatMatchesNothing() {
        assertSaid(() -> topics.requirePacketTopics(Pattern.compile("calls-\\d+")))
                .isEqualTo("no topic at " + broker.bootstrapServers()
                        + " matches the packet topic pattern \"calls-\\d+\": create one, or change the pattern");
    }

    @Test
    void refusesPacketTopicsThatKafkaCompacts() {
        for (String name : List.of("compacted", "both-ways")) {
            assertSaid(() -> topics.requirePacketTopics(List.of("packets", name)))
                    .startsWith("packet topic \"" + name + "\" is compacted")
                    .endsWith("set its cleanup.policy to delete");
        }
        assertThat(topics.requireOutputTopic("PCM topic", "compacted")).isEqualTo(1);
    }

    @Test
    void asksForTheLimitsOfBrokerAndTopic() {
        assertThat(topics.maxTransactionTimeout()).isEqualTo(Duration.ofMillis(1_234_567));
        assertThat(topics.maxRecordBytes("packets")).isEqualTo(54_321);
        assertThat(topics.maxRecordBytes("packets-of-others")).isEqualTo(1_048_588);
        assertSaid(() -> topics.maxRecordBytes("pakets")).contains("pakets").contains(broker.bootstrapServers());
    }

    @Test
    void createsTopicsThatAreMissing() {
        topics.create("created", 2);
        topics.create("created", 5);

        assertThat(topics.requirePacketTopics(List.of("created"))).isEqualTo(Map.of("created", 2));
        assertSaid(() -> topics.create("impossible", 0))
                .startsWith("cannot create topic \"impossible\" with 0 partitions at " + broker.bootstrapServers());
    }

    @Test
    void findsTheBrokerThatAnswersAmongSeveral() {
        String brokers = "127.0.0.1:1," + broker.bootstrapServers();

        try (KafkaTopics found = KafkaTopics.connect(brokers, Map.of())) {
            assertThat(found.requireOutputTopic("PCM topic", "packets")).isEqualTo(3);
        }
    }

    /** The one sentence that is thrown. */
    private static AbstractStringAssert<?> assertSaid(ThrowingCallable action) {
        TopicException thrown = catchThrowableOfType(TopicException.class, action);
        return assertThat(thrown).isNotNull().message().doesNotContain("\n");
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> configuration) {
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configuration);
    }
}
