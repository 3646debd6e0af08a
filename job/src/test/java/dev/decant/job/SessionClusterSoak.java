package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.local.ClusterFootprint;
import dev.decant.local.FlinkCluster;
import dev.decant.local.KafkaBroker;
import dev.decant.local.Leftovers;
import dev.decant.opus.PoisonedLibrary;
import dev.decant.opus.TestStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.ClusterOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RpcOptions;

/**
 * Job after job on one session cluster, whose processes live on: each job ends, is cancelled, fails for good, or has its
 * decoders crash in a process of their own, and is then over. What the cluster's processes hold after the last of them may be
 * no more than what they held after the first few.
 */
final class SessionClusterSoak implements AutoCloseable {
    /** What becomes of a job. */
    private enum Life {
        ENDS,
        IS_CANCELLED,
        FAILS,
        HAS_ITS_DECODERS_CRASH
    }

    /** The first jobs load what Flink and the JDK load once, and start the threads of their pools. */
    private static final int WARM_UP = Life.values().length;

    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
    private static final Duration TIME_FOR_A_JOB = Duration.ofMinutes(2);
    private static final int PARALLELISM = 2;
    private static final int POOL = 4;

    /** As the build puts it there for the image. */
    private static final Path JNA_JAR =
            ClusterExtension.JAR.resolveSibling("jna").resolve("jna.jar");

    private final KafkaBroker broker;
    private final Path folder;
    private final boolean jnaInLib;
    private final Path poisoned;
    private final FlinkCluster cluster;
    private final List<TestStream> streams = TestStream.ofEveryKind().subList(0, 6);

    /**
     * Starts the cluster.
     *
     * @param folder where checkpoints and WAV files go
     * @param jnaInLib whether the cluster has a JNA of its own, which all jobs use; else each job has that of its jar
     */
    SessionClusterSoak(KafkaBroker broker, Path folder, boolean jnaInLib) throws Exception {
        this.broker = broker;
        this.folder = folder;
        this.jnaInLib = jnaInLib;
        poisoned = PoisonedLibrary.write(folder);
        Configuration configuration = new Configuration()
                // What is only softly reachable the JVM gives up before memory is short; here at once, so that it
                // is not taken for a leak. Java 17 keeps what it knows of serialized classes so.
                .set(CoreOptions.FLINK_JVM_OPTIONS, ClusterExtension.QUICK_COMPILER + " -XX:SoftRefLRUPolicyMSPerMB=0")
                // Flink keeps the jars of jobs that are over for an hour, and what its web UI shows of a hundred of
                // them.
                .set(BlobServerOptions.CLEANUP_INTERVAL, 1L)
                .set(JobManagerOptions.JOB_STORE_MAX_CAPACITY, 1)
                // Pools that are full after the warm-up, on machines with many cores too.
                .set(ClusterOptions.CLUSTER_IO_EXECUTOR_POOL_SIZE, POOL)
                .set(JobManagerOptions.JOB_MANAGER_FUTURE_POOL_SIZE, POOL)
                .set(JobManagerOptions.JOB_MANAGER_IO_POOL_SIZE, POOL)
                .set(RpcOptions.FORK_JOIN_EXECUTOR_PARALLELISM_MAX, POOL)
                .set(RestOptions.SERVER_NUM_THREADS, POOL);
        List<Path> lib = new ArrayList<>();
        if (jnaInLib) {
            configuration.set(CoreOptions.ALWAYS_PARENT_FIRST_LOADER_PATTERNS_ADDITIONAL, List.of("com.sun.jna"));
            lib.add(JNA_JAR);
        }
        cluster = FlinkCluster.start(1, PARALLELISM, configuration, lib);
    }

    /** Runs so many jobs, and demands that the cluster holds no more after them than after the warm-up. */
    void run(int jobs) throws Exception {
        assertThat(jobs - WARM_UP)
                .as("jobs, each of which may leave one thing")
                .isGreaterThan(ClusterFootprint.ALLOWANCE);
        ClusterFootprint before = null;
        for (int job = 0; job < jobs; job++) {
            Life life = Life.values()[job % Life.values().length];
            boolean byWeb = (job + job / Life.values().length) % 2 == 0;
            runOne(job, life, byWeb);
            ClusterFootprint now = ClusterFootprint.awaitNoMoreThan(before, jnaInLib ? 0 : job + 1 - WARM_UP, cluster);
            System.out.printf("%2d. %s, submitted by %s: %s%n", job + 1, life, byWeb ? "web" : "flink run", now);
            if (job + 1 == WARM_UP) {
                before = now;
            }
        }
    }

    @Override
    public void close() {
        Path clusterFolder = cluster.folder();
        cluster.close();
        Leftovers.assertNoneOf(clusterFolder);
    }

    private void runOne(int number, Life life, boolean byWeb) throws Exception {
        JobTopics topics = JobTopics.create(broker, (jnaInLib ? "jna-in-lib-" : "") + "job-" + number);
        Path checkpoints = Files.createDirectories(folder.resolve("checkpoints-" + number));
        List<String> arguments = new ArrayList<>(List.of(topics.streamArguments(
                "--topic",
                topics.packets(),
                "--rate",
                String.valueOf(FORMAT.rate()),
                "--channels",
                String.valueOf(FORMAT.channels()),
                "--out",
                folder.resolve("wav-" + number).toString(),
                "--checkpoints",
                checkpoints.toUri().toString(),
                "--parallelism",
                String.valueOf(PARALLELISM),
                "-D",
                "execution.checkpointing.interval=500ms",
                "-D",
                "restart-strategy.type=fixed-delay",
                "-D",
                "restart-strategy.fixed-delay.attempts=1",
                "-D",
                "restart-strategy.fixed-delay.delay=100ms",
                "-D",
                "state.backend.type=" + (number % 3 == 0 ? "rocksdb" : "hashmap"))));
        if (life == Life.ENDS) {
            topics.produceInterleaved(streams);
            arguments.addAll(List.of("--end", "latest"));
            await(submit(arguments, byWeb), JobStatus.FINISHED);
            StreamPcm.assertDecoded(StreamPcm.of(topics.readPcm(), FORMAT), streams, FORMAT);
            return;
        }
        if (life == Life.HAS_ITS_DECODERS_CRASH) {
            arguments.addAll(List.of("--library", poisoned.toString(), "-D", "decoder.isolation=always"));
        }
        try (EndlessStreams spoken = new EndlessStreams(topics);
                CommittedPcm pcm = new CommittedPcm(topics, FORMAT, spoken)) {
            JobID id = submit(arguments, byWeb);
            for (TestStream stream : streams) {
                spoken.begin(stream);
            }
            pcm.awaitNewPackets(1);
            switch (life) {
                case FAILS -> {
                    makeUnusable(checkpoints.resolve(id.toString()));
                    await(id, JobStatus.FAILED);
                }
                case HAS_ITS_DECODERS_CRASH -> {
                    spoken.sendUndecodable(streams.get(1).name(), PoisonedLibrary.crashingPacket());
                    pcm.awaitNewPackets(1);
                    assertThat(topics.readDeadLetters()).hasSize(1);
                    cancel(id);
                }
                default -> cancel(id);
            }
        }
    }

    private JobID submit(List<String> arguments, boolean byWeb) throws InterruptedException {
        String[] all = arguments.toArray(String[]::new);
        return byWeb
                ? cluster.submitByWeb(ClusterExtension.JAR, all)
                : cluster.submit(ClusterExtension.JAR, all).jobId();
    }

    private void cancel(JobID id) throws InterruptedException {
        cluster.client().cancel(id).join();
        await(id, JobStatus.CANCELED);
    }

    private void await(JobID id, JobStatus status) throws InterruptedException {
        cluster.awaitStatus(id, status, TIME_FOR_A_JOB);
    }

    /** A file takes the place of a job's folder of checkpoints, as when a disk has gone: the next checkpoint fails the job. */
    private static void makeUnusable(Path checkpoints) throws IOException {
        Files.move(checkpoints, checkpoints.resolveSibling("gone"));
        Files.createFile(checkpoints);
    }
}
