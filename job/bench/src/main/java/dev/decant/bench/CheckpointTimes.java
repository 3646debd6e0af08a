package dev.decant.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsHistory;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.checkpoint.SubtaskStateStats;

/** How long the last checkpoints took that Flink remembers, ten by default. */
final class CheckpointTimes {
    /** From the trigger to the end, ms, the median. */
    static final String DURATION = "checkpointMillis";

    /** For how long a task stood still for it, ms, the median and the most: Flink's synchronous part. */
    static final String PAUSE = "checkpointPauseMillis";

    static final String LONGEST_PAUSE = "checkpointLongestPauseMillis";

    private CheckpointTimes() {}

    static Map<String, Long> of(CheckpointStatsHistory history) {
        List<CompletedCheckpointStats> completed = history.getCheckpoints().stream()
                .filter(CompletedCheckpointStats.class::isInstance)
                .map(CompletedCheckpointStats.class::cast)
                .toList();
        if (completed.isEmpty()) {
            return Map.of();
        }
        long[] pauses =
                completed.stream().mapToLong(CheckpointTimes::pause).sorted().toArray();
        long[] durations = completed.stream()
                .mapToLong(AbstractCheckpointStats::getEndToEndDuration)
                .sorted()
                .toArray();
        return Map.of(
                DURATION,
                durations[durations.length / 2],
                PAUSE,
                pauses[pauses.length / 2],
                LONGEST_PAUSE,
                pauses[pauses.length - 1]);
    }

    private static long pause(CompletedCheckpointStats checkpoint) {
        return checkpoint.getAllTaskStateStats().stream()
                .flatMap(task -> Arrays.stream(task.getSubtaskStats()))
                .filter(Objects::nonNull)
                .mapToLong(SubtaskStateStats::getSyncCheckpointDuration)
                .max()
                .orElse(0);
    }
}
