package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.local.Leftovers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code decant cluster}: a cluster that loses a TaskManager and has it again, and that goes away. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ClusterCommandITCase {
    private static final Pattern TASK_MANAGER = Pattern.compile("TaskManager: process (\\d+)");
    private static final Pattern READY =
            Pattern.compile("Flink cluster at (http://127\\.0\\.0\\.1:\\d+); Ctrl-C ends it");
    private static final Pattern REPLACED =
            Pattern.compile("TaskManager process (\\d+) has ended; process (\\d+) takes its place");

    @TempDir
    private Path temporary;

    @Test
    void replacesATaskManagerThatIsKilledAndLeavesNothing() throws Exception {
        DecantProcess cluster = DecantProcess.start(temporary, "cluster", "--port", "0", "--slots", "3");
        String first = cluster.awaitLine(TASK_MANAGER).group(1);
        FlinkRest flink = new FlinkRest(URI.create(cluster.awaitLine(READY).group(1)));
        Path folder = cluster.folder("decant-flink");
        assertThat(taskManagersOfThreeSlots(flink)).containsExactly("taskmanager-0");

        assertThat(ProcessHandle.of(Long.parseLong(first)).orElseThrow().destroyForcibly())
                .isTrue();

        assertThat(cluster.awaitLine(REPLACED).group(1)).isEqualTo(first);
        // The one that was killed may still be among them: Flink has yet to notice.
        assertThat(taskManagersOfThreeSlots(flink)).contains("taskmanager-1");

        cluster.terminate();

        Leftovers.assertNoneOf(folder);
    }

    private static List<String> taskManagersOfThreeSlots(FlinkRest flink) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        for (JsonNode taskManager : flink.get("/taskmanagers").get("taskmanagers")) {
            if (taskManager.get("slotsNumber").asInt() == 3) {
                ids.add(taskManager.get("id").asText());
            }
        }
        return ids;
    }
}
