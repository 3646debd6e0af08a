package dev.decant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The CPU time of the threads of a process, by what they are for; as Linux keeps it, under the names of threads there. */
final class ThreadTimes {
    static final String COLLECTOR = "collectorNanos";
    static final String COMPILER = "compilerNanos";
    static final String CHECKPOINTS = "checkpointNanos";

    /** Of a process without such threads. */
    static final Map<String, Long> NONE = Map.of(COLLECTOR, 0L, COMPILER, 0L, CHECKPOINTS, 0L);

    private ThreadTimes() {}

    static Map<String, Long> ofThisProcess() throws IOException {
        return of("self");
    }

    /**
     * ns since the threads began, without those that have ended.
     *
     * @param process its ID, or {@code self}
     */
    static Map<String, Long> of(String process) throws IOException {
        Map<String, Long> times = new TreeMap<>(NONE);
        List<Path> threads;
        try (Stream<Path> folders = Files.list(Path.of("/proc", process, "task"))) {
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
