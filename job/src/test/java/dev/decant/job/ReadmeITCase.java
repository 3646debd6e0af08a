package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.OpusPacket;
import dev.decant.container.Recording;
import dev.decant.kafka.KafkaTopics;
import dev.decant.local.CommandResult;
import dev.decant.local.FlinkCluster;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README, word by word: what it tells to type is typed here, with the address of a real broker for localhost:9092 and
 * a temporary folder for the others. The demo, the tests and the benchmark are run by those who run this.
 */
class ReadmeITCase {
    private static final Path HOME = Path.of(System.getProperty("decant.home"));
    private static final List<String> RUN_ELSEWHERE = List.of("./decant demo", "mvn -B verify", "job/bench/");

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @TempDir
    private Path folder;

    @BeforeAll
    static void createTopics() {
        try (KafkaTopics topics = KafkaTopics.connect(kafka.bootstrapServers(), Map.of())) {
            topics.create("packets", 2);
            topics.create("pcm", 2);
            topics.create("decant.dead-letters", 1);
        }
    }

    @Test
    void everyCommandRunsAsItIsWritten() throws Exception {
        List<String> commands = commands();
        assertThat(commands).hasSizeGreaterThan(5);
        for (String command : commands) {
            if (command.startsWith("flink run ")) {
                flinkRun(here(command));
            } else if (RUN_ELSEWHERE.stream().noneMatch(command::startsWith)) {
                CommandResult result = shell(here(command), HOME);
                assertThat(result.exitCode())
                        .as(command + "\n" + result.output())
                        .isZero();
            }
        }
        assertThat(folder.resolve("wav/welcome.wav")).exists();
        assertThat(folder.resolve("transcoded/welcome.flac")).exists();
        assertThat(folder.resolve("transcoded-on-a-cluster/welcome.wav")).exists();
        assertThat(folder.resolve("transcoded-on-a-cluster/_report.jsonl")).exists();
        assertThat(CommittedRecords.read(kafka.bootstrapServers(), "pcm")).isNotEmpty();
        assertThat(CommittedRecords.read(kafka.bootstrapServers(), "decant.dead-letters"))
                .isEmpty();
    }

    @Test
    void thePythonExampleProducesAStream() throws Exception {
        String python = System.getenv().getOrDefault("DECANT_PYTHON", "python3");
        assumeTrue(
                shell(python + " -c 'import confluent_kafka'", folder).exitCode() == 0,
                "confluent-kafka is not installed for " + python
                        + " (DECANT_PYTHON): the README's example is not tried");
        List<byte[]> packets = writePackets(folder.resolve("packets.bin"));
        Files.writeString(folder.resolve("example.py"), here(blocks("python").get(0)));
        String topic = "packets";
        long before = ofAlice(topic).size();

        CommandResult result = shell(python + " example.py", folder);

        assertThat(result.exitCode()).as(result.output()).isZero();
        List<byte[]> values = ofAlice(topic);
        assertThat(values).hasSize((int) before + packets.size() + 1);
        assertThat(values.subList((int) before, values.size() - 1))
                .usingRecursiveComparison()
                .isEqualTo(packets);
        assertThat(values.get(values.size() - 1)).isNull();
    }

    private void flinkRun(String command) throws Exception {
        // Flink's program runs elsewhere: what stands below the project is named in full.
        List<String> words = Arrays.stream(command.split("\\s+"))
                .skip(1)
                .map(word -> word.startsWith("job/") ? HOME.resolve(word).toString() : word)
                .toList();
        try (FlinkCluster cluster = FlinkCluster.start(1, 1)) {
            CommandResult result = cluster.flink(words.toArray(String[]::new));
            assertThat(result.exitCode()).as(command + "\n" + result.output()).isZero();
        }
    }

    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        for (String block : blocks("sh")) {
            block.replace("\\\n", " ").lines().filter(line -> !line.isBlank()).forEach(commands::add);
        }
        return commands;
    }

    private static List<String> blocks(String language) throws IOException {
        Matcher fenced = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(HOME.resolve("README.md")));
        return fenced.results().map(block -> block.group(1)).toList();
    }

    /** The command with this broker and these folders. */
    private String here(String command) {
        return command.replace("localhost:9092", kafka.bootstrapServers())
                .replace("--out wav", "--out " + folder.resolve("wav"))
                .replace("/tmp/decant-transcoded", folder.resolve("transcoded").toString())
                .replace(
                        "/tmp/decant-checkpoints", folder.resolve("checkpoints").toString());
    }

    private static List<byte[]> writePackets(Path file) throws IOException {
        List<byte[]> packets = new ArrayList<>();
        try (Recording recording = RecordingFile.samples().get(0).open();
                DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                out.writeShort(packet.payload().length);
                out.write(packet.payload());
                packets.add(packet.payload());
            }
        }
        return packets;
    }

    /** The values of the example's stream. */
    private static List<byte[]> ofAlice(String topic) {
        List<byte[]> values = new ArrayList<>();
        CommittedRecords.read(kafka.bootstrapServers(), topic).stream()
                .filter(record -> "alice".equals(new String(record.key(), StandardCharsets.UTF_8)))
                .forEach(record -> values.add(record.value()));
        return values;
    }

    private CommandResult shell(String command, Path where) throws Exception {
        Path output = Files.createTempFile(folder, "command", ".log");
        Process process = new ProcessBuilder("bash", "-c", command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new CommandResult(process.waitFor(), Files.readString(output));
    }
}
