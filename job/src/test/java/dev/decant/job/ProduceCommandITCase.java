package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.container.OggWriter;
import dev.decant.container.Recording;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code decant produce}: what of recordings arrives in Kafka, and what is said of those that cannot be sent. */
class ProduceCommandITCase {
    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @TempDir
    private Path folder;

    private JobTopics topics;

    @BeforeEach
    void takeTopics() {
        topics = kafka.topics();
    }

    @Test
    void eachRecordingBecomesAStreamWithAnEnd() throws Exception {
        Path first = recording("first.opus", 1);
        Path second = recording("second.opus", 2);

        DecantCall call = produce(first.toString(), second.toString());

        assertThat(call.exitCode()).as(call.err()).isZero();
        assertThat(call.out())
                .contains(first + ": 10 packets of stream first", second + ": 10 packets of stream second");
        assertArrived(Map.of("first", first, "second", second));
    }

    @Test
    void inRealTimeAllArrivesInOrderToo() throws Exception {
        Path first = recording("first.opus", 1);
        Path second = recording("second.opus", 2);

        DecantCall call = produce("--realtime", first.toString(), second.toString());

        assertThat(call.exitCode()).as(call.err()).isZero();
        assertArrived(Map.of("first", first, "second", second));
    }

    /** Each is another library: Kafka's client would find out at the first batch that one of them does not fit. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void compressedPacketsArriveAsTheyWere(String compression) throws Exception {
        Path file = recording("first.opus", 1);

        DecantCall call = produce("--kafka.compression.type", compression, "--kafka.linger.ms=200", file.toString());

        assertThat(call.exitCode()).as(call.err()).isZero();
        assertArrived(Map.of("first", file));
    }

    @Test
    void oneRecordingCanHaveAStreamIdOfItsOwn() throws Exception {
        Path file = recording("first.opus", 1);

        DecantCall call = produce("--stream-id", "Anrufer 7/ä", file.toString());

        assertThat(call.exitCode()).as(call.err()).isZero();
        assertArrived(Map.of("Anrufer 7/ä", file));
    }

    @Test
    void severalRecordingsCannotShareAStreamId() throws Exception {
        DecantCall call = produce(
                "--stream-id",
                "alice",
                recording("first.opus", 1).toString(),
                recording("second.opus", 2).toString());

        assertThat(call.exitCode()).isEqualTo(UsageException.USAGE);
        assertThat(call.err()).isEqualToIgnoringNewLines("decant: --stream-id is for one recording; 2 were named");
        assertArrived(Map.of());
    }

    @Test
    void aFileThatIsNotOpusIsNamedAndTheOthersAreSent() throws Exception {
        Path good = recording("good.opus", 1);
        Path notOpus = Files.writeString(folder.resolve("song.opus"), "RIFF, not Opus");

        DecantCall call = produce(notOpus.toString(), good.toString());

        assertThat(call.exitCode()).isEqualTo(UsageException.SOME_FAILED);
        assertThat(call.err()).startsWith("decant: " + notOpus + ": not an Opus recording");
        assertThat(call.err().lines()).hasSize(1);
        assertArrived(Map.of("good", good));
    }

    @Test
    void aFileThatIsMissingStopsEverything() throws Exception {
        Path good = recording("good.opus", 1);
        Path missing = folder.resolve("missing.opus");

        DecantCall call = produce(good.toString(), missing.toString());

        assertThat(call.exitCode()).isEqualTo(UsageException.USAGE);
        assertThat(call.err()).isEqualToIgnoringNewLines("decant: " + missing + " does not exist");
        assertArrived(Map.of());
    }

    @Test
    void aTopicThatIsMissingIsNamed() throws Exception {
        DecantCall call = DecantCall.of(
                "produce",
                "--brokers",
                kafka.bootstrapServers(),
                "--topic",
                "pakets",
                recording("first.opus", 1).toString());

        assertThat(call.exitCode()).isEqualTo(UsageException.FAILED);
        assertThat(call.err())
                .startsWith("decant: packet topic \"pakets\" does not exist at " + kafka.bootstrapServers());
        assertThat(call.err().lines()).hasSize(1);
    }

    private DecantCall produce(String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("produce", "--brokers", kafka.bootstrapServers(), "--topic", topics.packets()));
        all.addAll(List.of(arguments));
        return DecantCall.of(all.toArray(String[]::new));
    }

    /** A fifth of a second. */
    private Path recording(String name, long seed) throws IOException {
        TestStream stream = TestStream.of(Mode.SILK, Bandwidth.WIDE, 1, 960, 16_000, 1, seed);
        byte[] ogg =
                OggWriter.recording(OpusHead.of(1, 312, 0), stream.packets().subList(0, 10), 100);
        return Files.write(folder.resolve(name), ogg);
    }

    /** Demands that the topic holds these recordings, each whole, in order and with its end, and nothing else. */
    private void assertArrived(Map<String, Path> recordings) throws IOException {
        Map<String, List<byte[]>> arrived = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : CommittedRecords.read(topics.brokers(), topics.packets())) {
            arrived.computeIfAbsent(new String(record.key(), StandardCharsets.UTF_8), streamId -> new ArrayList<>())
                    .add(record.value());
        }
        assertThat(arrived).containsOnlyKeys(recordings.keySet());
        for (Map.Entry<String, Path> recording : recordings.entrySet()) {
            assertThat(arrived.get(recording.getKey()))
                    .as(recording.getKey())
                    .usingRecursiveComparison()
                    .isEqualTo(packetsAndEnd(recording.getValue()));
        }
    }

    private static List<byte[]> packetsAndEnd(Path file) throws IOException {
        List<byte[]> packets = new ArrayList<>();
        try (Recording recording = RecordingFile.of(List.of(file)).get(0).open()) {
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                packets.add(packet.payload());
            }
        }
        assertThat(packets).hasSize(10);
        packets.add(null);
        return packets;
    }
}
