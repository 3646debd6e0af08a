package dev.decant.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code recovery-…}: the pipeline with recovery on, against the same with recovery off. */
final class RecoveryRow {
    /** The throughput with recovery is to be 0.97 of that without; where state lies on disk 0.85. */
    private static final double MOST_RATIO = 1 / 0.97;

    private static final double MOST_RATIO_ROCKSDB = 1 / 0.85;

    /** About what a subtask decodes in 10 s, the usual interval of checkpoints, in turns of a third of a second. */
    private static final Plan CHECKPOINTS_EVERY_10_SECONDS = new Plan(3, 500_000, 4, 24, 10_000, true);

    /** About what a subtask decodes in a second. */
    private static final Plan CHECKPOINTS_EVERY_SECOND = new Plan(2, 1_100_000, 20, 3, 10_000, true);

    private RecoveryRow() {}

    /**
     * @param target the folder where packets, logs and, while a row is measured, checkpoints are put
     */
    static List<Row> all(Path target) {
        return List.of(
                Row.judged(
                        "recovery-hashmap",
                        "1,000 streams, recovery on / off, HashMap, checkpoints every 10 s of work",
                        MOST_RATIO,
                        effort -> measure(
                                "recovery-hashmap", "hashmap", 1_000, CHECKPOINTS_EVERY_10_SECONDS, effort, target)),
                Row.judged(
                        "recovery-rocksdb",
                        "1,000 streams, recovery on / off, RocksDB, checkpoints every 10 s of work",
                        MOST_RATIO_ROCKSDB,
                        effort -> measure(
                                "recovery-rocksdb", "rocksdb", 1_000, CHECKPOINTS_EVERY_10_SECONDS, effort, target)),
                Row.reported(
                        "recovery-10000-streams",
                        "10,000 streams, recovery on / off, HashMap, checkpoints every second of work",
                        effort -> measure(
                                "recovery-10000-streams",
                                "hashmap",
                                10_000,
                                CHECKPOINTS_EVERY_SECOND,
                                effort,
                                target)));
    }

    private static Repetitions measure(
            String name, String stateBackend, int streams, Plan full, Effort effort, Path target) throws IOException {
        Plan plan = effort.of(full.withEndsInWarmUp(streams));
        Path packets = target.resolve(name + ".packets");
        PipelineSettings on =
                PipelineSettings.usual(packets, target, 1, streams).withStateBackend(stateBackend);
        DecoderRow.writePackets(Mix.SILK, packets);
        PipelinePair.Outcome outcome =
                new PipelinePair(name, on, PipelinePair.pipeline(on.withRecovery(false)), plan).measure(target);
        noteCheckpoints(outcome, streams);
        return outcome.pairs().build();
    }

    private static void noteCheckpoints(PipelinePair.Outcome outcome, int streams) {
        PipelinePair.Forked last = outcome.forks().get(outcome.forks().size() - 1);
        outcome.pairs()
                .note(String.format(
                        Locale.ROOT,
                        "a checkpoint is %.2f MB and %.2f MB, which is %.1f kB a stream more",
                        megabytes(last.oursAfter()),
                        megabytes(last.referenceAfter()),
                        1_000 * (megabytes(last.oursAfter()) - megabytes(last.referenceAfter())) / streams));
        outcome.pairs()
                .note("it took " + times(last.oursAfter()) + "; without recovery " + times(last.referenceAfter()));
    }

    private static String times(Map<String, Long> state) {
        return state.get(CheckpointTimes.DURATION) + " ms, and the decoding thread stood still for "
                + state.get(CheckpointTimes.PAUSE) + " ms (at most " + state.get(CheckpointTimes.LONGEST_PAUSE) + ")";
    }

    private static double megabytes(Map<String, Long> state) {
        return state.get(OperatorMetrics.CHECKPOINT_SIZE) / 1e6;
    }
}
