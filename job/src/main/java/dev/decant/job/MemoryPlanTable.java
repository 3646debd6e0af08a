package dev.decant.job;

import dev.decant.decode.NativeMemory;
import dev.decant.decode.StreamMemory;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;

/** A {@link MemoryPlan} for people: what it comes to, and the lines that can be pasted. */
final class MemoryPlanTable {
    private static final double MEBIBYTE = 1 << 20;

    private final MemoryPlan plan;
    private final PrintWriter out;

    MemoryPlanTable(MemoryPlan plan, PrintWriter out) {
        this.plan = plan;
        this.out = out;
    }

    /**
     * @param streams what kind of streams they are
     */
    void print(String streams) {
        MemoryPlan.Load load = plan.load();
        StreamMemory stream = load.stream();
        int slots = load.slots();
        line("Memory for %,d live streams (%s)", load.streams(), streams);
        line(
                "in %,d subtasks, that is %,d TaskManagers of %,d slots; state backend %s",
                load.parallelism(), plan.taskManagers(), load.slots(), name(load.backend()));
        line("");
        line("%-42s %12s %12s %14s", "", "a stream", "a subtask", "a TaskManager");
        line(
                "%-42s %12s %,12d %,14d",
                "streams, at most", "", plan.streamsOfSubtask(), slots * plan.streamsOfSubtask());
        line(
                "%-42s %12s %,12d %,14d",
                "decoders in memory, at most", "", plan.decodersOfSubtask(), slots * plan.decodersOfSubtask());
        row("outside the heap: decoders", stream.decoder(), plan.decoders());
        row("outside the heap: buffers", load.nativeMemory().bufferBytes());
        row("heap: decoders, their logs and images", stream.decoderHeap(), plan.decoderHeap());
        row("heap: state", stream.stateHeap(), plan.stateHeap());
        if (load.isolated()) {
            row("a process of isolated decoders, besides them", NativeMemory.DECODER_PROCESS.getBytes());
        }
        line(
                "%-42s %,10d B %12s %14s",
                "state in a checkpoint", stream.checkpoint(), "", "job: " + mebibytes(plan.checkpoint()));
        line("");
        printOptions();
    }

    private void printOptions() {
        Configuration taskManager = plan.ofTaskManager();
        line("For each TaskManager, in config.yaml (in Kubernetes process.size is the memory of the container):");
        lines(taskManager).forEach((key, value) -> line("  %s: %s", key, value));
        line(
                "  # Flink makes of it a task heap of %,d MiB; %,d are needed",
                MemoryPlan.spec(taskManager).getTaskHeapSize().getMebiBytes(),
                plan.taskHeap().getMebiBytes());
        line("For the job:");
        line("  %s", asArguments(lines(plan.ofJob())));
        line("Both at once, where a cluster is started for the job (application mode):");
        line("  %s %s", asArguments(lines(taskManager)), asArguments(lines(plan.ofJob())));
    }

    private void row(String what, long ofStream, long ofSubtask) {
        line(
                "%-42s %,10d B %12s %14s",
                what, ofStream, mebibytes(ofSubtask), mebibytes(plan.load().slots() * ofSubtask));
    }

    private void row(String what, long ofSubtask) {
        line(
                "%-42s %12s %12s %14s",
                what, "", mebibytes(ofSubtask), mebibytes(plan.load().slots() * ofSubtask));
    }

    /** As Flink reads them, in whole megabytes where they are memory. */
    private static Map<String, String> lines(Configuration options) {
        Map<String, String> lines = new TreeMap<>(options.toMap());
        for (ConfigOption<MemorySize> size : List.of(
                TaskManagerOptions.TOTAL_PROCESS_MEMORY,
                TaskManagerOptions.TASK_OFF_HEAP_MEMORY,
                TaskManagerOptions.MANAGED_MEMORY_SIZE,
                TaskManagerOptions.JVM_OVERHEAD_MIN,
                TaskManagerOptions.JVM_OVERHEAD_MAX)) {
            lines.computeIfPresent(size.key(), (key, value) -> options.get(size).getMebiBytes() + "m");
        }
        return lines;
    }

    private static String asArguments(Map<String, String> lines) {
        StringBuilder arguments = new StringBuilder();
        lines.forEach((key, value) -> arguments
                .append(arguments.isEmpty() ? "-D" : " -D")
                .append(key)
                .append('=')
                .append(value));
        return arguments.toString();
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MiB", bytes / MEBIBYTE);
    }

    private static String name(StreamMemory.Backend backend) {
        return backend.name().toLowerCase(Locale.ROOT);
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    }
}
