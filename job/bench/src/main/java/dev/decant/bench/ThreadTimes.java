package dev.decant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The CPU time of the threads of this process, by what they are for; as Linux keeps it, under the names of threads there. */
final class ThreadTimes {
    static final String COLLECTOR = "collectorNanos";
    static final String COMPILER = "compilerNanos";
    static final String CHECKPOINTS = "checkpointNanos";

    private ThreadTimes() {}

    /** ns since the threads began, without those that have ended. */
    static Map<String, Long> now() throws IOException {
        Map<String, Long> times = new TreeMap<>(Map.of(COLLECTOR, 0L, COMPILER, 0L, CHECKPOINTS, 0L));
        List<Path> threads;
        try (Stream<Path> folders = Files.list(Path.of("/proc/self/task"))) {
            threads = folders.toList();
        }
        for (Path thread : threads) {
            try {
                String kind = kind(Files.readString(thread.resolve("comm")));
                String ran = Files.readString(thread.resolve("schedstat")).split(" ")[0];
                if (kind != null) {
                    times.merge(kind, Long.parseLong(ran), Long::sum);
                }
            } catch (NoSuchFileException ended) {
                // Between listing and reading; what it took is not counted.
                continue;
            }
        }
        return times;
    }

    private static String kind(String name) {
        if (name.startsWith("GC Thread") || name.startsWith("G1 ")) {
            return COLLECTOR;
        }
        if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
            return COMPILER;
        }
        return name.startsWith("AsyncOperations") ? CHECKPOINTS : null;
    }
}
