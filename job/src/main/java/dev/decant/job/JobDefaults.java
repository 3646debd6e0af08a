package dev.decant.job;

import java.time.Duration;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.CheckpointingMode;

/** What every job of Decant runs with: what its promises need, and where nobody says otherwise, what suits it. */
final class JobDefaults {
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);

    /** How long a record may wait for others that go to the same subtask; Flink's 100 ms would be most of a live packet's way. */
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(10);

    /** Fixed for ever, since state is cut by it; the most subtasks that a job can be rescaled to. */
    static final int MAX_PARALLELISM = 1_024;

    private JobDefaults() {}

    /** Completes {@code configuration}; {@code cluster} is what the cluster says, which goes before our defaults. */
    static void complete(Configuration configuration, Configuration cluster) {
        // BATCH mode does not keep a key's order.
        configuration.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.STREAMING);
        // Every record has a serializer of ours; one that had none would fail at submission, not turn to Kryo.
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        // A savepoint finds its operators by their uid; one that had none would fail at submission, not at an upgrade.
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        // Records are immutable: copying them between chained operators would protect nothing.
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        setUnlessSaid(configuration, cluster, PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        setUnlessSaid(configuration, cluster, CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
        configuration
                .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                .ifPresent(folder -> configuration.set(
                        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                        Locations.path(folder).toString()));
        setUnlessSaid(
                configuration,
                cluster,
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    }

    /** {@link #complete} for a job whose packets come as they are spoken. */
    static void completeLive(Configuration configuration, Configuration cluster) {
        complete(configuration, cluster);
        setUnlessSaid(configuration, cluster, ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT);
    }

    /**
     * Refuses exactly-once without checkpoints that outlive the JobManager.
     *
     * @param effective the job's and the cluster's configuration in one
     * @param alternative what else can be done about it, with its comma; or nothing
     */
    static void requireDurableCheckpoints(Configuration effective, String alternative) {
        Duration interval = effective.get(CheckpointingOptions.CHECKPOINTING_INTERVAL);
        if (interval == null || interval.isZero()) {
            throw UsageException.usage("exactly-once needs checkpoints, and execution.checkpointing.interval is off:"
                    + " set it (10 s is the default)" + alternative);
        }
        if (effective.get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE) != CheckpointingMode.EXACTLY_ONCE) {
            throw UsageException.usage("exactly-once needs checkpoints that count each record once, and"
                    + " execution.checkpointing.mode is AT_LEAST_ONCE: set it to EXACTLY_ONCE" + alternative);
        }
        if (!effective.get(CheckpointingOptions.ENABLE_CHECKPOINTS_AFTER_TASKS_FINISH)) {
            throw UsageException.usage(
                    "exactly-once needs a last checkpoint, which commits what a job with an end wrote"
                            + " last, and execution.checkpointing.checkpoints-after-tasks-finish is false: set it to true"
                            + alternative);
        }
        boolean inJobManager = "jobmanager".equalsIgnoreCase(effective.get(CheckpointingOptions.CHECKPOINT_STORAGE));
        if (inJobManager || effective.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY) == null) {
            throw UsageException.usage("exactly-once needs checkpoints that outlive the JobManager: name a folder with"
                    + " --checkpoints (execution.checkpointing.dir), file:///… or s3://…" + alternative);
        }
    }

    private static <T> void setUnlessSaid(
            Configuration configuration, Configuration cluster, ConfigOption<T> option, T value) {
        if (!configuration.contains(option) && !cluster.contains(option)) {
            configuration.set(option, value);
        }
    }
}
