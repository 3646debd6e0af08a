package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.local.FlinkCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * {@code decant stream} on a cluster, exactly once to Kafka and to WAV files at the same time, with a checkpoint every
 * second. It is stopped, and submitted again, as operators do.
 */
final class LiveJob implements AutoCloseable {
    private static final Duration TIME_FOR_A_JOB = Duration.ofMinutes(2);

    private final FlinkCluster cluster;
    private final JobTopics topics;
    private final String out;
    private final String checkpoints;
    private final PcmFormat format;
    private final List<String> options;
    private List<String> packets;
    private JobID id;

    /**
     * A job that is not submitted yet.
     *
     * @param folder where WAV files and checkpoints go
     * @param options more arguments of {@code decant stream}
     */
    LiveJob(FlinkCluster cluster, JobTopics topics, Path folder, PcmFormat format, String... options) {
        this(
                cluster,
                topics,
                folder.resolve("wav").toString(),
                folder.resolve("checkpoints").toUri().toString(),
                format,
                options);
    }

    /**
     * A job that is not submitted yet, anywhere.
     *
     * @param out where WAV files go, as {@code --out} takes it
     * @param checkpoints where checkpoints go, a URI
     */
    LiveJob(
            FlinkCluster cluster,
            JobTopics topics,
            String out,
            String checkpoints,
            PcmFormat format,
            String... options) {
        this.cluster = cluster;
        this.topics = topics;
        this.out = out;
        this.checkpoints = checkpoints;
        this.format = format;
        this.options = List.of(options);
        packets = List.of("--topic", topics.packets());
    }

    /** The same job with other packets than those of its packet topic. */
    LiveJob withPackets(String... from) {
        packets = List.of(from);
        return this;
    }

    JobTopics topics() {
        return topics;
    }

    /** If it is a folder on this machine. */
    WavFolder wavs() {
        return new WavFolder(Path.of(out));
    }

    PcmFormat format() {
        return format;
    }

    /** The one that runs, or ran last. */
    JobID id() {
        return id;
    }

    /**
     * Submits the job, without a state to begin with, and returns when it runs.
     *
     * @param more arguments of {@code decant stream} for this time
     */
    void submit(int parallelism, String... more) throws InterruptedException {
        run(List.of(), parallelism, List.of(more));
    }

    /**
     * Submits the job with the state of a savepoint and returns when it runs.
     *
     * @param more arguments that go before those of the job
     */
    void submitFrom(String savepoint, int parallelism, String... more) throws InterruptedException {
        run(List.of("-s", savepoint), parallelism, List.of(more));
    }

    /** {@link #submit} for a job that may be over when this returns. */
    void launch(int parallelism) throws InterruptedException {
        launch(List.of(), parallelism, List.of());
    }

    /** {@link #submitFrom} for a job that may be over when this returns. */
    void launchFrom(String savepoint, int parallelism, String... more) throws InterruptedException {
        launch(List.of("-s", savepoint), parallelism, List.of(more));
    }

    /**
     * Returns when the job has failed for good.
     *
     * @return why, as Flink tells it, with all causes
     */
    String awaitFailure() throws InterruptedException, ExecutionException {
        cluster.awaitStatus(id, JobStatus.FAILED, TIME_FOR_A_JOB);
        return cluster.client()
                .requestJobResult(id)
                .get()
                .getSerializedThrowable()
                .orElseThrow()
                .getFullStringifiedStackTrace();
    }

    /** As an operator does whose JobManager is gone: submits the job from the last checkpoint that was completed. */
    void submitFromLastCheckpoint(int parallelism) throws IOException, InterruptedException {
        submitFrom(lastCheckpoint().toUri().toString(), parallelism);
    }

    /**
     * Stops the job with a savepoint; all that was read before is committed when this returns.
     *
     * @return the savepoint
     */
    String stop() throws InterruptedException, ExecutionException {
        String savepoint = cluster.client()
                .stopWithSavepoint(id, false, null, SavepointFormatType.CANONICAL)
                .get();
        awaitFinished();
        return savepoint;
    }

    /** Returns when the job has come to its end. */
    void awaitFinished() throws InterruptedException {
        cluster.awaitStatus(id, JobStatus.FINISHED, TIME_FOR_A_JOB);
    }

    /** Cancels the job if it still runs: it would keep the slots of the next test's. */
    @Override
    public void close() {
        if (id != null && !cluster.client().getJobStatus(id).join().isGloballyTerminalState()) {
            cluster.client().cancel(id).join();
        }
    }

    void awaitRunning() throws InterruptedException {
        cluster.awaitStatus(id, JobStatus.RUNNING, TIME_FOR_A_JOB);
    }

    private void run(List<String> clientOptions, int parallelism, List<String> more) throws InterruptedException {
        launch(clientOptions, parallelism, more);
        awaitRunning();
    }

    private void launch(List<String> clientOptions, int parallelism, List<String> more) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("run", "-d"));
        command.addAll(clientOptions);
        command.add(ClusterExtension.JAR.toString());
        command.addAll(List.of(topics.streamArguments(packets.toArray(String[]::new))));
        command.addAll(List.of(
                "--rate",
                String.valueOf(format.rate()),
                "--channels",
                String.valueOf(format.channels()),
                "--sample-format",
                format.sampleFormat().name().toLowerCase(Locale.ROOT),
                "--out",
                out,
                "--checkpoints",
                checkpoints,
                "--parallelism",
                String.valueOf(parallelism),
                "-D",
                "execution.checkpointing.interval=1s",
                // However often a test makes it fail, and at once: the usual strategy waits longer each time.
                "-D",
                "restart-strategy.type=fixed-delay",
                "-D",
                "restart-strategy.fixed-delay.attempts=" + Integer.MAX_VALUE,
                "-D",
                "restart-strategy.fixed-delay.delay=100ms"));
        command.addAll(options);
        command.addAll(more);
        id = cluster.flink(command.toArray(String[]::new)).jobId();
    }

    /** The last checkpoint that was completed. They are counted on over resubmissions; one is complete when its metadata is there. */
    Path lastCheckpoint() throws IOException {
        TreeMap<Long, Path> complete = new TreeMap<>();
        for (Path job : list(Path.of(URI.create(checkpoints)), "*")) {
            for (Path checkpoint : list(job, "chk-*")) {
                if (Files.exists(checkpoint.resolve("_metadata"))) {
                    complete.put(
                            Long.valueOf(checkpoint.getFileName().toString().substring("chk-".length())), checkpoint);
                }
            }
        }
        assertThat(complete).as("complete checkpoints in " + checkpoints).isNotEmpty();
        return complete.lastEntry().getValue();
    }

    private static List<Path> list(Path folder, String glob) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, glob)) {
            all.forEach(entries::add);
        }
        return Collections.unmodifiableList(entries);
    }
}
