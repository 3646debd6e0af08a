package dev.decant.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the processes of a cluster hold while no job runs, and what they have left in its folder.
 *
 * @param processes the JobManager, then the TaskManagers
 * @param files temporary ones, by name without numbers; what the processes log is left out
 */
public record ClusterFootprint(List<ProcessFootprint> processes, Map<String, Long> files) {
    /** How many threads of a pool, connections and the like may be more: fewer than one a job, so that a leak is one. */
    public static final int ALLOWANCE = 4;

    /** What a job has begun to close, it closes; and the JDK's threads that wait for the end of processes linger for a minute. */
    private static final Duration TIME_TO_LET_GO = Duration.ofSeconds(90);

    /**
     * Waits until the cluster holds nothing of a job, and no more than before.
     *
     * @param before null: only nothing of a job
     * @param moreClosureFiles how many files libffi may have open besides, in each process
     * @return what it holds then
     * @throws AssertionError if it goes on holding more; the message says of what
     */
    public static ClusterFootprint awaitNoMoreThan(ClusterFootprint before, int moreClosureFiles, FlinkCluster cluster)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (true) {
            ClusterFootprint now = of(cluster);
            List<String> more = now.moreThan(before, moreClosureFiles);
            if (more.isEmpty()) {
                return now;
            }
            if (System.nanoTime() - start > TIME_TO_LET_GO.toNanos()) {
                throw new AssertionError("what jobs have left: " + String.join("; ", more));
            }
        }
    }

    private static ClusterFootprint of(FlinkCluster cluster) throws IOException, InterruptedException {
        List<ProcessFootprint> processes = new ArrayList<>();
        for (long pid : cluster.pids()) {
            processes.add(ProcessFootprint.of(pid));
        }
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(cluster.folder())) {
            all.filter(file -> !file.toString().endsWith(".log"))
                    .map(file -> cluster.folder().relativize(file).toString())
                    .map(ProcessFootprint::withoutNumbers)
                    .forEach(name -> files.merge(name, 1L, Long::sum));
        }
        return new ClusterFootprint(processes, files);
    }

    private List<String> moreThan(ClusterFootprint before, int moreClosureFiles) {
        List<String> more = new ArrayList<>();
        for (int i = 0; i < processes.size(); i++) {
            String name = i == 0 ? "the JobManager" : "TaskManager " + (i - 1);
            ProcessFootprint past = before == null ? null : before.processes.get(i);
            processes.get(i).moreThan(past, moreClosureFiles).forEach(what -> more.add(name + " has " + what));
        }
        if (before != null) {
            files.forEach((file, count) -> {
                long past = before.files.getOrDefault(file, 0L);
                if (count > past) {
                    more.add(count + " files " + file + " instead of " + past);
                }
            });
        }
        return more;
    }

    @Override
    public String toString() {
        return processes + ", "
                + files.values().stream().mapToLong(Long::longValue).sum() + " files";
    }
}
