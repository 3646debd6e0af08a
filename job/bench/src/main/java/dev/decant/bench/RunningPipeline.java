package dev.decant.bench;

import dev.decant.decode.Decoding;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The middle of a job of Decant, with a source that makes its packets and a sink that drops the frames, in this process:
 * one task makes packets, one puts them in order and decodes them. It works when it is told to.
 */
final class RunningPipeline implements AutoCloseable {
    private final ProcessClock processClock = ProcessClock.ofThisProcess();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final MiniCluster cluster;
    private final JobID job;
    private final CompletableFuture<?> jobEnd;

    private RunningPipeline(MiniCluster cluster, JobID job) {
        this.cluster = cluster;
        this.job = job;
        this.jobEnd = cluster.requestJobResult(job);
    }

    /**
     * What a turn took of CPU time, ns.
     *
     * @param pipeline the whole process, but for the thread that makes the packets, and the compiler's, which are idle
     *     once all is compiled
     * @param decodingThread the thread that puts them in order and decodes them, alone
     */
    record Cost(long pipeline, long decodingThread) {}

    static RunningPipeline start(PipelineSettings settings) throws Exception {
        Configuration configuration = configuration(settings);
        Turns.OF_THIS_PROCESS.compare(settings.streams());
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(settings.slots())
                .build());
        cluster.start();
        StreamExecutionEnvironment environment = new StreamExecutionEnvironment(configuration);
        environment.setParallelism(settings.slots());
        Decoding decoding = Decoding.of(PacketSource.addTo(environment, settings), settings.decodeSettings());
        decoding.frames().sinkTo(new TurnSink()).uid("frames");
        decoding.deadLetters().sinkTo(new DiscardingSink<>()).uid("dead-letters");
        JobID job = cluster.submitJob(environment.getStreamGraph()).get().getJobID();
        return new RunningPipeline(cluster, job);
    }

    /**
     * Decodes the next packets.
     *
     * @param checkpoint whether a checkpoint is taken meanwhile; then the turn lasts until it is complete
     */
    Cost turn(int packets, boolean checkpoint) throws Exception {
        Turns turns = Turns.OF_THIS_PROCESS;
        long compilerBefore = ThreadTimes.ofThisProcess().get(ThreadTimes.COMPILER);
        long before = processClock.nanos();
        long sourceBefore = cpuNanos(turns.sourceThread());
        long decodingBefore = cpuNanos(turns.decodingThread());
        CompletableFuture<?> done = turns.begin(packets);
        if (checkpoint) {
            done = CompletableFuture.allOf(done, cluster.triggerCheckpoint(job));
        }
        CompletableFuture.anyOf(done, jobEnd).get();
        if (jobEnd.isDone()) {
            throw new BenchException("the job ended: " + jobEnd.get());
        }
        long source = cpuNanos(turns.sourceThread()) - sourceBefore;
        long decoding = cpuNanos(turns.decodingThread()) - decodingBefore;
        long process = processClock.nanos() - before;
        long compiler = ThreadTimes.ofThisProcess().get(ThreadTimes.COMPILER) - compilerBefore;
        return new Cost(process - source - compiler, decoding);
    }

    /** How long the last checkpoints took. */
    Map<String, Long> checkpointTimes() throws Exception {
        return CheckpointTimes.of(cluster.getArchivedExecutionGraph(job)
                .get()
                .getCheckpointStatsSnapshot()
                .getHistory());
    }

    @Override
    public void close() {
        cluster.cancelJob(job).join();
        cluster.closeAsync().join();
    }

    private long cpuNanos(Thread thread) {
        return thread == null ? 0 : threads.getThreadCpuTime(thread.getId());
    }

    /** As jobs of Decant are configured; a checkpoint is taken when the turn asks for it, and what fails is not tried again. */
    private static Configuration configuration(PipelineSettings settings) {
        String folder = settings.folder().toUri().toString();
        Configuration configuration = new Configuration()
                .set(PipelineOptions.OBJECT_REUSE, true)
                .set(PipelineOptions.GENERIC_TYPES, false)
                .set(PipelineOptions.AUTO_GENERATE_UIDS, false)
                .set(PipelineOptions.MAX_PARALLELISM, 1_024)
                .set(StateBackendOptions.STATE_BACKEND, settings.stateBackend())
                .set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder)
                .set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofDays(1))
                .set(RestartStrategyOptions.RESTART_STRATEGY, "none")
                .set(CoreOptions.TMP_DIRS, settings.folder().toString())
                .set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256))
                .set(RestOptions.BIND_PORT, "0")
                .set(MetricOptions.REPORTERS_LIST, "bench");
        configuration.setString("metrics.reporter.bench.factory.class", OperatorMetrics.Factory.class.getName());
        return configuration;
    }
}
