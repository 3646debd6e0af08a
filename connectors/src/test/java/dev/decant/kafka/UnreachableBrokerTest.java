package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said when there is no broker, or none that answers. */
class UnreachableBrokerTest {
    private static final Map<String, String> IMPATIENT = Map.of("max.block.ms", "200");

    @Test
    void namesEachBrokerThatCannotBeReached() throws IOException {
        String brokers = closedPort() + "," + closedPort();

        assertThatExceptionOfType(TopicException.class)
                .isThrownBy(() -> KafkaTopics.connect(brokers, Map.of()))
                .withMessageStartingWith("no Kafka broker can be reached (")
                .withMessageContaining(brokers.split(",")[0])
                .withMessageContaining(brokers.split(",")[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:", "localhost:0", "localhost:65536", "localhost:http", ","})
    void refusesWhatIsNoBroker(String brokers) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KafkaTopics.connect(brokers, Map.of()))
                .withMessageContaining("take host:port");
    }

    @Test
    void doesNotWaitForEverForAServerThatIsSilent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String broker = "127.0.0.1:" + silent.getLocalPort();

            assertThatExceptionOfType(TopicException.class)
                    .isThrownBy(() -> KafkaTopics.connect(broker, Map.of(), Duration.ofMillis(300)))
                    .withMessageContaining(broker)
                    .withMessageContaining("no answer within 300 ms")
                    .withMessageContaining("security.protocol");
        }
    }

    @Test
    void keepsSecretsOutOfTheMessageWhenTheLoginCannotBeSetUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(TopicException.class)
                    .isThrownBy(() -> KafkaTopics.connect(
                            "127.0.0.1:" + silent.getLocalPort(),
                            Map.of(
                                    "security.protocol",
                                    "SASL_PLAINTEXT",
                                    "sasl.mechanism",
                                    "PLAIN",
                                    "sasl.jaas.config",
                                    "NoSuchModule required password=hunter2")))
                    .withMessageStartingWith("cannot set up a client for the brokers at 127.0.0.1:")
                    .withMessageNotContaining("hunter2");
        }
    }

    @Test
    void throwsWhatFailedAtTheNextCallAndAtClose() throws IOException {
        PacketProducer producer = new PacketProducer(closedPort(), "packets", IMPATIENT);
        producer.send("caller", new byte[] {1});

        assertThatExceptionOfType(TopicException.class)
                .isThrownBy(() -> producer.end("caller"))
                .withMessageStartingWith("a packet could not be sent to topic \"packets\" at 127.0.0.1:");
        assertThatExceptionOfType(TopicException.class).isThrownBy(producer::flush);
        assertThatExceptionOfType(TopicException.class).isThrownBy(producer::close);
        producer.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> producer.send("caller", new byte[] {1}))
                .withMessageContaining("\"packets\" is closed");
    }

    @Test
    void refusesStreamIdsThatAreNoKeys() throws IOException {
        try (PacketProducer producer = new PacketProducer(closedPort(), "packets", IMPATIENT)) {
            for (String streamId : new String[] {"", "x".repeat(513), "€".repeat(171), "half \ud83d"}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> producer.send(streamId, new byte[0]))
                        .withMessageStartingWith("the stream ID ");
            }
        }
    }

    @Test
    void namesBrokersThatCannotBeResolved() {
        assertThatExceptionOfType(TopicException.class)
                .isThrownBy(() -> new PacketProducer("no-such-host.invalid:9092", "packets", Map.of()))
                .withMessageStartingWith("cannot set up a producer for the brokers at no-such-host.invalid:9092: ");
    }

    @Test
    void sendsNothingThatIsNoPacket() throws IOException {
        try (PacketProducer producer = new PacketProducer(closedPort(), "packets", IMPATIENT)) {
            assertThatExceptionOfType(NullPointerException.class)
                    .isThrownBy(() -> producer.send("caller", null))
                    .withMessage("payload");
        }
    }

    /** The address of a port that nobody listens on. */
    private static String closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }
}
