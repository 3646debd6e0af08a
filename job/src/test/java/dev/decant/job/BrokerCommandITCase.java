package dev.decant.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.kafka.KafkaTopics;
import dev.decant.kafka.PacketProducer;
import dev.decant.local.Leftovers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code decant broker}: a broker that can be used, and that goes away. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BrokerCommandITCase {
    private static final Pattern READY = Pattern.compile("Kafka broker at (127\\.0\\.0\\.1:\\d+); Ctrl-C ends it");

    @TempDir
    private Path temporary;

    @Test
    void carriesRecordsUntilItIsTerminatedAndLeavesNothing() throws Exception {
        Process broker = start(command("--port", "0", "--topic", "packets,pcm"));
        String address = address(broker);
        Path data = data();
        sendRecordingTo(address);
        try (KafkaTopics kafka = KafkaTopics.connect(address, Map.of())) {
            assertThat(kafka.requirePacketTopics(List.of("packets", "pcm")))
                    .containsOnly(Map.entry("packets", 4), Map.entry("pcm", 4));
        }
        assertThat(CommittedRecords.read(address, "packets")).isNotEmpty();

        broker.destroy();

        Leftovers.assertNoneOf(data);
        assertThat(broker.onExit().get(1, TimeUnit.MINUTES).isAlive()).isFalse();
        assertThat(errors()).isEmpty();
    }

    @Test
    void endsWithTheProcessThatStartedItEvenIfThatIsKilled() throws Exception {
        List<String> shell = new ArrayList<>(List.of("sh", "-c", "\"$@\" & wait", "sh"));
        shell.addAll(command("--port", "0"));
        Process parent = start(shell);
        address(parent);
        Path data = data();

        parent.destroyForcibly();

        Leftovers.assertNoneOf(data);
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DecantCall call = DecantCall.of("broker", "--port", String.valueOf(taken.getLocalPort()));

            assertThat(call.exitCode()).isEqualTo(UsageException.FAILED);
            assertThat(call.err())
                    .isEqualToIgnoringNewLines("decant: port " + taken.getLocalPort()
                            + " of 127.0.0.1 is taken: name another one, or 0 for any that is free");
        }
    }

    @Test
    void aTopicThatCannotBeNamedSoIsNamed() {
        DecantCall call = DecantCall.of("broker", "--port", "0", "--topic", "packets,a/b");

        assertThat(call.exitCode()).isEqualTo(UsageException.USAGE);
        assertThat(call.err()).contains("\"a/b\"");
    }

    private static void sendRecordingTo(String address) throws InterruptedException {
        try (PacketProducer producer = new PacketProducer(address, "packets", Map.of())) {
            new RecordingProducer(producer).send(RecordingFile.samples().subList(0, 1), sent -> {});
        }
    }

    private List<String> command(String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Ddecant.home=" + System.getProperty("decant.home"),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Decant.class.getName(),
                "broker"));
        command.addAll(Arrays.asList(options));
        return command;
    }

    private Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(temporary.resolve("errors").toFile())
                .start();
    }

    /** Waits until it says that it is ready. */
    private String address(Process broker) throws IOException {
        String line = new BufferedReader(new InputStreamReader(broker.getInputStream(), UTF_8)).readLine();
        assertThat(line).as(errors()).isNotNull();
        Matcher ready = READY.matcher(line);
        assertThat(ready.matches()).as(line).isTrue();
        return ready.group(1);
    }

    private String errors() throws IOException {
        return Files.readString(temporary.resolve("errors"));
    }

    /** The broker's folder. */
    private Path data() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith("decant-broker"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
