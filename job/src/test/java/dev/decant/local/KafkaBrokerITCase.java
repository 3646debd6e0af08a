package dev.decant.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KafkaBrokerITCase {
    private static final String TOPIC = "numbers";

    @Test
    void carriesTransactionsAndKeepsThemWhenItIsKilled() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start()) {
            createTopic(broker);
            commit(broker, "one", "two");
            assertThat(readCommitted(broker, 2)).containsExactly("one", "two");

            String address = broker.bootstrapServers();
            long firstPid = broker.pid();
            broker.kill();
            assertThat(broker.isAlive()).isFalse();
            broker.restart();

            assertThat(broker.bootstrapServers()).isEqualTo(address);
            assertThat(broker.pid()).isNotEqualTo(firstPid);
            commit(broker, "three");
            assertThat(readCommitted(broker, 3)).containsExactly("one", "two", "three");
        }
    }

    @Test
    void goesOnWhereItWasPaused() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start()) {
            createTopic(broker);
            broker.pause();
            broker.resume();
            commit(broker, "one");
            assertThat(readCommitted(broker, 1)).containsExactly("one");
        }
    }

    @Test
    void leavesNoProcessAndNoFolderWhenItIsClosed() throws Exception {
        KafkaBroker broker = KafkaBroker.start();
        long pid = broker.pid();
        assertThat(broker.folder()).isDirectory();

        broker.close();
        broker.close();

        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(broker.folder()).doesNotExist();
    }

    @Test
    void canBeClosedWhileItIsPaused() throws Exception {
        KafkaBroker broker = KafkaBroker.start();
        long pid = broker.pid();
        broker.pause();

        broker.close();

        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(broker.folder()).doesNotExist();
    }

    @Test
    void saysWhyItDoesNotStart(@TempDir Path noJars) {
        assertThatThrownBy(() -> KafkaBroker.start(noJars, Map.of(), List.of()))
                .isInstanceOf(LocalException.class)
                .hasMessageStartingWith("the formatter of the broker's storage ended with exit code 1")
                .hasMessageContaining("ClassNotFoundException: kafka.tools.StorageTool");
    }

    @Test
    void endsWithItsOwnerEvenIfThatIsKilled(@TempDir Path temporary) throws Exception {
        Process owner = startOwner(temporary);
        ProcessHandle broker = brokerOf(owner).orElseThrow();

        owner.destroyForcibly();

        broker.onExit().get(1, TimeUnit.MINUTES);
        assertThat(broker.isAlive()).isFalse();
    }

    @Test
    void leavesNoFolderWhenItsOwnerIsTerminated(@TempDir Path temporary) throws Exception {
        Process owner = startOwner(temporary);
        ProcessHandle broker = brokerOf(owner).orElseThrow();
        try (var folders = Files.list(temporary)) {
            assertThat(folders).isNotEmpty();
        }

        owner.destroy();

        broker.onExit().get(1, TimeUnit.MINUTES);
        owner.onExit().get(1, TimeUnit.MINUTES);
        assertThat(temporary).isEmptyDirectory();
    }

    private static Process startOwner(Path temporary) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-D" + DecantHome.PROPERTY + "=" + System.getProperty(DecantHome.PROPERTY),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerOwner.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Waits for the owner's word that its broker answers. */
    private static Optional<ProcessHandle> brokerOf(Process owner) throws Exception {
        String line = new BufferedReader(new InputStreamReader(owner.getInputStream(), UTF_8)).readLine();
        assertThat(line).as("what the owner of the broker prints").isNotNull();
        return ProcessHandle.of(Long.parseLong(line.substring(0, line.indexOf(' '))));
    }

    private static void createTopic(KafkaBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static void commit(KafkaBroker broker, String... values) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "the test");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (String value : values) {
                producer.send(new ProducerRecord<>(TOPIC, value));
            }
            producer.commitTransaction();
        }
    }

    private static List<String> readCommitted(KafkaBroker broker, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest");
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
            while (values.size() < count) {
                consumer.poll(Duration.ofSeconds(1)).forEach(read -> values.add(read.value()));
            }
        }
        return values;
    }
}
