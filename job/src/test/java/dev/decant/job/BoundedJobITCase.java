package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.local.CommandResult;
import dev.decant.local.FlinkCluster;
import dev.decant.local.KafkaBroker;
import dev.decant.opus.TestStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that decodes up to an end comes to it, whatever fails on the way. An open Kafka transaction holds the job up short
 * of its end, for as long as the test needs: the end is where the partitions end, but what is not committed is not read.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BoundedJobITCase {
    private static final Path JAR = Path.of(System.getProperty("decant.home"), "job", "target", "decant-job.jar");
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 2);
    private static final Duration TIME_FOR_A_JOB = Duration.ofMinutes(2);

    private static final List<TestStream> BEFORE = TestStream.ofEveryKind().subList(0, 4);
    private static final List<TestStream> AFTER = TestStream.ofEveryKind().subList(4, 8);

    private static KafkaBroker broker;
    private static FlinkCluster cluster;

    @TempDir
    private Path folder;

    private JobTopics topics;
    private KafkaProducer<byte[], byte[]> transaction;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start();
        cluster = FlinkCluster.start(2, 1);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @BeforeEach
    void produce(TestInfo test) {
        topics = JobTopics.create(broker, test);
        topics.produceInterleaved(BEFORE);
        transaction = openTransaction(AFTER);
    }

    @AfterEach
    void closeProducer() {
        transaction.close();
    }

    @Test
    void aJobWhoseTaskManagerIsKilledComesToItsEnd() throws Exception {
        JobID job = submit();
        awaitEnds(BEFORE);

        cluster.killTaskManager(0);
        cluster.addTaskManager();
        transaction.commitTransaction();

        cluster.awaitStatus(job, JobStatus.FINISHED, TIME_FOR_A_JOB);
        assertEverythingIsDecoded();
    }

    @Test
    void aJobThatGoesOnFromACheckpointComesToItsEnd() throws Exception {
        submit();
        awaitEnds(BEFORE);

        cluster.killJobManager();
        cluster.restartJobManager();
        JobID job = submit("-s", newestCheckpoint().toUri().toString());
        transaction.commitTransaction();

        cluster.awaitStatus(job, JobStatus.FINISHED, TIME_FOR_A_JOB);
        assertEverythingIsDecoded();
    }

    private JobID submit(String... flinkArguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("run", "-d"));
        command.addAll(List.of(flinkArguments));
        command.add(JAR.toString());
        command.addAll(List.of(topics.streamArguments(
                "--topic",
                topics.packets(),
                "--end",
                "latest",
                "--rate",
                String.valueOf(FORMAT.rate()),
                "--checkpoints",
                checkpoints().toUri().toString(),
                "--parallelism",
                "2",
                "-D",
                "execution.checkpointing.interval=500ms")));
        CommandResult submission = cluster.flink(command.toArray(String[]::new));
        assertThat(submission.exitCode()).as(submission.output()).isZero();
        return submission.jobId();
    }

    /** Returns when a checkpoint is complete that holds the end of these streams. */
    private void awaitEnds(List<TestStream> streams) {
        List<String> names = streams.stream().map(TestStream::name).toList();
        try (CommittedPcm committed = new CommittedPcm(topics)) {
            committed.await(
                    "the ends of " + names, () -> committed.endedStreams().containsAll(names));
        }
    }

    private void assertEverythingIsDecoded() {
        List<TestStream> all = Stream.concat(BEFORE.stream(), AFTER.stream()).toList();
        StreamPcm.assertDecoded(StreamPcm.of(topics.readPcm(), FORMAT), all, FORMAT);
        assertThat(topics.readDeadLetters()).isEmpty();
    }

    private Path checkpoints() {
        return folder.resolve("checkpoints");
    }

    private Path newestCheckpoint() throws IOException {
        try (Stream<Path> paths = Files.walk(checkpoints())) {
            return paths.filter(path -> path.endsWith("_metadata"))
                    .map(Path::getParent)
                    .max(Comparator.comparingInt(BoundedJobITCase::number))
                    .orElseThrow();
        }
    }

    /** Flink names the folder of a checkpoint {@code chk-<number>}. */
    private static int number(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    /** All packets of the streams, and their ends, sent but not committed. */
    private KafkaProducer<byte[], byte[]> openTransaction(List<TestStream> streams) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        topics.brokers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        topics.packets(),
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        Math.toIntExact(Duration.ofMinutes(10).toMillis())),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        for (TestStream stream : streams) {
            byte[] key = stream.name().getBytes(StandardCharsets.UTF_8);
            stream.packets().forEach(packet -> producer.send(new ProducerRecord<>(topics.packets(), key, packet)));
            producer.send(new ProducerRecord<>(topics.packets(), key, null));
        }
        producer.flush();
        return producer;
    }
}
