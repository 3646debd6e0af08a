package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.local.CommandResult;
import dev.decant.local.FlinkCluster;
import dev.decant.local.KafkaBroker;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TaskManagers are killed while people speak: in the sinks nothing is missing, and nothing is there twice. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FailoverITCase {
    private static final Path JAR = Path.of(System.getProperty("decant.home"), "job", "target", "decant-job.jar");
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
    private static final int TICKS = 960;
    private static final Duration TIME_FOR_A_JOB = Duration.ofMinutes(2);

    private static final TestStream ENDED_BEFORE = speech("ended-before", 1);
    private static final TestStream BEGUN_AFTER = speech("begun-after", 2);
    private static final List<TestStream> ALL_THE_TIME =
            List.of(speech("alice", 3), speech("bob", 4), music("jukebox", 5), music("radio", 6), speech("carol", 7));

    private static KafkaBroker broker;
    private static FlinkCluster cluster;

    @TempDir
    private Path folder;

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

    @Test
    void nothingIsLostAndNothingTwiceWhenTaskManagersAreKilled(TestInfo test) throws Exception {
        JobTopics topics = JobTopics.create(broker, test);
        WavFolder wavs = new WavFolder(folder.resolve("wav"));
        JobID job = submit(topics, wavs);
        Map<String, Long> samplesBefore = new HashMap<>();
        Map<String, List<byte[]>> sent = new HashMap<>();

        try (CommittedPcm committed = new CommittedPcm(topics);
                EndlessStreams streams = new EndlessStreams(topics)) {
            streams.begin(ENDED_BEFORE);
            for (TestStream stream : ALL_THE_TIME) {
                streams.begin(stream);
            }
            awaitNextSecond(committed, streams, names(ALL_THE_TIME));
            streams.end(ENDED_BEFORE.name());
            committed.await(
                    "the end of a stream", () -> committed.endedStreams().contains(ENDED_BEFORE.name()));
            names(ALL_THE_TIME).forEach(name -> samplesBefore.put(name, committed.samples(name)));

            replaceTaskManager(0);
            awaitNextSecond(committed, streams, names(ALL_THE_TIME));
            streams.begin(BEGUN_AFTER);
            awaitNextSecond(committed, streams, Set.of(BEGUN_AFTER.name()));
            replaceTaskManager(1);
            awaitNextSecond(committed, streams, names(ALL_THE_TIME));
            assertThat(wavs.visibleFiles())
                    .as("files of streams that have ended")
                    .containsExactly(ENDED_BEFORE.name() + ".wav");

            streams.end(BEGUN_AFTER.name());
            for (TestStream stream : ALL_THE_TIME) {
                streams.end(stream.name());
            }
            Set<String> all = names(ALL_THE_TIME);
            all.addAll(List.of(ENDED_BEFORE.name(), BEGUN_AFTER.name()));
            committed.await(
                    "the end of every stream", () -> committed.endedStreams().equals(all));
            for (String name : all) {
                sent.put(name, streams.sent(name));
            }
        }
        stopWithSavepoint(job);

        assertWhole(StreamPcm.of(topics.readPcm(), FORMAT), sent, samplesBefore);
        assertWhole(wavs.read(FORMAT), sent, samplesBefore);
        assertThat(topics.readDeadLetters()).isEmpty();
    }

    /**
     * Every stream has its exact length, and the samples of a direct decode up to the first failure. Behind that they may
     * differ for as long as decoders are not in the checkpoint: then a stream goes on with a fresh one.
     */
    private static void assertWhole(
            Map<String, byte[]> pcm, Map<String, List<byte[]>> sent, Map<String, Long> samplesBefore) {
        assertThat(pcm).containsOnlyKeys(sent.keySet());
        sent.forEach((name, packets) -> {
            byte[] expected = ReferenceDecoder.decode(FORMAT, 0, packets);
            assertThat(pcm.get(name)).as(name).hasSameSizeAs(expected);
            int exact = samplesBefore.containsKey(name)
                    ? Math.toIntExact(samplesBefore.get(name) * FORMAT.bytesPerSample())
                    : 0;
            assertThat(Arrays.copyOf(pcm.get(name), exact)).as(name).isEqualTo(Arrays.copyOf(expected, exact));
        });
        assertThat(pcm.get(ENDED_BEFORE.name()))
                .isEqualTo(ReferenceDecoder.decode(FORMAT, 0, sent.get(ENDED_BEFORE.name())));
    }

    private JobID submit(JobTopics topics, WavFolder wavs) throws Exception {
        CommandResult submission = cluster.submit(
                JAR,
                topics.streamArguments(
                        "--topic",
                        topics.packets(),
                        "--rate",
                        String.valueOf(FORMAT.rate()),
                        "--channels",
                        String.valueOf(FORMAT.channels()),
                        "--out",
                        wavs.path().toString(),
                        "--checkpoints",
                        folder.resolve("checkpoints").toUri().toString(),
                        "--parallelism",
                        "2",
                        "-D",
                        "execution.checkpointing.interval=1s"));
        cluster.awaitStatus(submission.jobId(), JobStatus.RUNNING, TIME_FOR_A_JOB);
        return submission.jobId();
    }

    private static void replaceTaskManager(int index) throws InterruptedException {
        cluster.killTaskManager(index);
        cluster.addTaskManager();
    }

    /** Waits until a second that was not yet spoken when this was called is committed, of each of the streams. */
    private static void awaitNextSecond(CommittedPcm committed, EndlessStreams streams, Set<String> names)
            throws InterruptedException {
        Map<String, Long> awaited = new TreeMap<>();
        for (String name : names) {
            awaited.put(name, streams.sent(name).size() * FORMAT.samples(TICKS) + FORMAT.rate());
        }
        committed.await("so many samples: " + awaited, () -> awaited.entrySet().stream()
                .allMatch(stream -> committed.samples(stream.getKey()) >= stream.getValue()));
    }

    /** All that was committed before is in the sinks when this returns. */
    private static void stopWithSavepoint(JobID job) throws Exception {
        CommandResult stop = cluster.flink("stop", job.toString());
        assertThat(stop.exitCode()).as(stop.output()).isZero();
        cluster.awaitStatus(job, JobStatus.FINISHED, TIME_FOR_A_JOB);
    }

    private static Set<String> names(List<TestStream> streams) {
        return streams.stream().map(TestStream::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static TestStream speech(String name, long seed) {
        return named(name, TestStream.of(Mode.SILK, Bandwidth.WIDE, 1, TICKS, 16_000, 2, seed));
    }

    private static TestStream music(String name, long seed) {
        return named(name, TestStream.of(Mode.CELT, Bandwidth.FULL, 2, TICKS, 64_000, 2, seed));
    }

    private static TestStream named(String name, TestStream stream) {
        return new TestStream(name, stream.channels(), stream.ticks(), stream.packets());
    }
}
