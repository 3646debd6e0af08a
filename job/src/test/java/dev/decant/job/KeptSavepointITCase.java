package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import dev.decant.container.Recording;
import dev.decant.decode.DecodeMetrics;
import dev.decant.kafka.PacketProducer;
import dev.decant.kafka.TransactionMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Savepoints that releases wrote are kept here, and the job of this release goes on from them as if nothing had been between.
 *
 * <p>A savepoint holds offsets, and the broker that they were offsets of is gone. But a topic is what is in it: these
 * packets, the same ones in the same partitions under the same record times, are at the same offsets on any broker.
 *
 * <p>Each release adds its own: with DECANT_WRITE_SAVEPOINTS naming a folder, {@link #writeThose} writes them there.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KeptSavepointITCase {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
    private static final List<RecordingFile> RECORDINGS = RecordingFile.samples().stream()
            .filter(sample -> List.of("welcome", "bonjour", "telefon").contains(sample.streamId()))
            .toList();

    private static final String PACKETS = "kept-packets";
    private static final int PARTITIONS = 3;

    /** Of each recording, so many packets were decoded before the savepoint: an image, and a log of 50 steps after it. */
    private static final int BEFORE = 150;

    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration BETWEEN_PACKETS = Duration.ofMillis(20);

    /** The image of a decoder is for CPUs that can do what that one could on which it was made. */
    private static final List<String> CPU_OF_THE_IMAGES = List.of("sse4_1", "avx", "avx2", "fma");

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @RegisterExtension
    static final ClusterExtension flink = new ClusterExtension(1, 2, () -> new Configuration()
            // All in one file.
            .set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ofMebiBytes(1)));

    @TempDir
    private Path folder;

    /** Once for all, since the topic has the name that the savepoints know, and each job begins where its savepoint says. */
    @BeforeAll
    static void makePackets() throws Exception {
        makeTopic();
        produce(0, BEFORE);
        produce(BEFORE, Integer.MAX_VALUE);
    }

    private static void makeTopic() throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(PACKETS, PARTITIONS, (short) 1)
                            // Their record times are those of the savepoint, which is old.
                            .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"))))
                    .all()
                    .get();
        }
    }

    @ParameterizedTest
    @CsvSource({"0.1.0-hashmap, hashmap", "0.1.0-rocksdb, rocksdb", "0.1.0-hashmap, rocksdb"})
    void theJobGoesOnFromTheSavepointOfARelease(String kept, String stateBackend) throws Exception {
        assumeTrue(
                cpuCanDo(CPU_OF_THE_IMAGES),
                "the decoders of the kept savepoints are for CPUs with " + CPU_OF_THE_IMAGES
                        + " on Linux: elsewhere they come back converged, not exact");
        JobTopics topics = kafka.topics();
        JobID job = submit(topics, stateBackend, "500ms", "-s", savepoint(kept).toString());
        topics.awaitEnds(RECORDINGS.stream().map(RecordingFile::streamId).toList());
        JobMetrics metrics = new JobMetrics(flink.cluster(), job);
        metrics.await("exactness.EXACT.decodersRestored", exact -> exact == RECORDINGS.size());
        // What the old broker has of its transactions nobody knows, and the operator is told.
        metrics.await(TransactionMetrics.EXPIRED_TRANSACTIONS.name(), expired -> expired == 2);
        stop(job);

        for (RecordingFile recording : RECORDINGS) {
            assertSameAsUndisturbed(recording, topics.readPcm());
        }
        assertThat(topics.readDeadLetters()).isEmpty();
    }

    @Test
    void writeThose() throws Exception {
        String target = System.getenv("DECANT_WRITE_SAVEPOINTS");
        assumeTrue(target != null, "DECANT_WRITE_SAVEPOINTS names no folder: no savepoint is written to be kept");
        for (String stateBackend : List.of("hashmap", "rocksdb")) {
            makeTopicAnew();
            produce(0, BEFORE);
            JobTopics topics = JobTopics.create(kafka.broker(), "written-" + stateBackend);
            // Without a checkpoint before: the savepoint holds transactions that are committed after it was taken.
            JobID job = submit(topics, stateBackend, "1h");
            new JobMetrics(flink.cluster(), job)
                    .await("decant." + DecodeMetrics.PACKETS, packets -> packets == RECORDINGS.size() * BEFORE);
            Path savepoint = Path.of(URI.create(stop(job)));

            Path to = Files.createDirectories(Path.of(target, version() + "-" + stateBackend));
            try (Stream<Path> files = Files.list(savepoint)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }
    }

    private static void makeTopicAnew() throws Exception {
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(PACKETS)).all().get();
        }
        makeTopic();
    }

    /** The packets of every recording from one to before another, and where there are no more, their ends. */
    private static void produce(int from, int to) throws IOException {
        try (PacketProducer producer = new PacketProducer(kafka.bootstrapServers(), PACKETS, Map.of())) {
            for (RecordingFile recording : RECORDINGS) {
                List<OpusPacket> packets = packets(recording);
                for (int i = from; i < Math.min(to, packets.size()); i++) {
                    producer.send(packets.get(i).from(at(i)));
                }
                if (to > packets.size()) {
                    producer.send(OpusPacket.end(recording.streamId(), at(packets.size())));
                }
            }
        }
    }

    private static PacketOrigin at(int packet) {
        return new PacketOrigin(
                "", 0, 0, BEGINNING.plus(BETWEEN_PACKETS.multipliedBy(packet)).toEpochMilli());
    }

    private static List<OpusPacket> packets(RecordingFile file) throws IOException {
        List<OpusPacket> packets = new ArrayList<>();
        try (Recording recording = file.open()) {
            for (OpusPacket packet = recording.next(); packet != null; packet = recording.next()) {
                packets.add(packet);
            }
        }
        assertThat(packets).as(file.path()).hasSizeGreaterThan(BEFORE);
        return packets;
    }

    private JobID submit(JobTopics topics, String stateBackend, String checkpointInterval, String... clientOptions)
            throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("run", "-d"));
        command.addAll(List.of(clientOptions));
        command.add(ClusterExtension.JAR.toString());
        command.addAll(List.of(topics.streamArguments(
                "--topic",
                PACKETS,
                "--group",
                topics.pcm(),
                "--rate",
                String.valueOf(FORMAT.rate()),
                "--channels",
                String.valueOf(FORMAT.channels()),
                "--parallelism",
                "2",
                "--checkpoints",
                folder.resolve("checkpoints").toUri().toString(),
                "-D",
                "execution.checkpointing.interval=" + checkpointInterval,
                "-D",
                "state.backend.type=" + stateBackend)));
        JobID job = flink.cluster().flink(command.toArray(String[]::new)).jobId();
        flink.cluster().awaitStatus(job, JobStatus.RUNNING, Duration.ofMinutes(2));
        return job;
    }

    private static String stop(JobID job) throws Exception {
        String savepoint = flink.cluster()
                .client()
                .stopWithSavepoint(job, false, null, SavepointFormatType.CANONICAL)
                .get();
        flink.cluster().awaitStatus(job, JobStatus.FINISHED, Duration.ofMinutes(2));
        return savepoint;
    }

    /** Demands that the PCM of a recording begins where the savepoint was taken, and is that of libopus' C API from there. */
    private static void assertSameAsUndisturbed(RecordingFile recording, List<PcmFrame> all) throws IOException {
        List<PcmFrame> frames = all.stream()
                .filter(frame -> frame.streamId().equals(recording.streamId()) && frame.outcome() != Outcome.END)
                .toList();
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        frames.forEach(frame -> pcm.writeBytes(frame.pcm()));

        ReferencePcm reference = ReferencePcm.of(recording);
        long ticksBefore = 0;
        for (OpusPacket packet : packets(recording).subList(0, BEFORE)) {
            ticksBefore += PacketFraming.statedDuration(packet.payload());
        }
        long from =
                FORMAT.samples(ticksBefore) - FORMAT.samples(reference.head().preSkip());
        assertThat(frames.get(0).position()).as("where %s goes on", recording).isEqualTo(from);
        byte[] expected = reference.decode(FORMAT.sampleFormat(), FORMAT.rate());
        StreamPcm.assertSame(
                recording + " from the savepoint on",
                pcm.toByteArray(),
                Arrays.copyOfRange(expected, (int) from * FORMAT.bytesPerSample(), expected.length));
    }

    private static Path savepoint(String kept) throws Exception {
        URL metadata = KeptSavepointITCase.class.getResource("savepoints/" + kept + "/_metadata");
        assertThat(metadata).as("the kept savepoint " + kept).isNotNull();
        return Path.of(metadata.toURI()).getParent();
    }

    private static String version() {
        return "0.1.0";
    }

    private static boolean cpuCanDo(List<String> features) throws IOException {
        Path cpuInfo = Path.of("/proc/cpuinfo");
        return Files.exists(cpuInfo)
                && Files.readAllLines(cpuInfo).stream()
                        .filter(line -> line.startsWith("flags"))
                        .anyMatch(line -> Arrays.asList(line.split("\\s+")).containsAll(features));
    }

    private static Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
    }
}
