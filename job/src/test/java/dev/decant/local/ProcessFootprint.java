package dev.decant.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a JVM of a cluster holds after a full garbage collection, of what jobs may leave behind in it.
 *
 * @param jobClassLoaders Flink's class loaders of user code
 * @param classes loaded classes, hidden ones included
 * @param metaspaceKilobytes of all classes
 * @param libraries files that are mapped as code, the cluster's own JDK apart, and how often; deleted ones too
 * @param threads by name without numbers, those of the JVM itself included
 * @param files open files, sockets and pipes, by what they are
 * @param closureFiles open files of libffi, in which JNA has code; each JNA has one, and cannot close it
 * @param children processes that it started
 */
public record ProcessFootprint(
        int jobClassLoaders,
        int classes,
        long metaspaceKilobytes,
        Map<String, Long> libraries,
        Map<String, Long> threads,
        Map<String, Long> files,
        long closureFiles,
        Map<String, Long> children) {
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    private static final long PATIENCE_SECONDS = 60;

    /**
     * The JDK keeps the classes of a job or two until others take their place: each constant of its bootstrap for records
     * remembers the last type that it was adapted to (JDK-8078641, mended in Java 19).
     */
    private static final int KEPT_BY_JDK = 2;

    /** The classes of one job take 2 MB; the JDK makes some more by itself, the oftener something is called. */
    private static final int METASPACE_ALLOWANCE_KILOBYTES = (KEPT_BY_JDK + 1) * 2_048;

    /** Threads of pools of Flink and of the JVM, which grow when there is more to do at once; and connections. */
    private static final Pattern OF_THE_CLUSTER = Pattern.compile(
            "(?i:flink|cluster-io|jobmanager-|pool-|RpcService|C# Compiler|G# |GC Thread|process reaper|java$|socket|anon_inode"
                    // JNA of a job whose classes are kept.
                    + "|.*/jna?#\\.tmp)");

    private static final Predicate<String> CLOSURE_FILE =
            Pattern.compile("/ffi\\w{6} \\(deleted\\)$").asPredicate();

    private static final Pattern JOB_CLASS_LOADER =
            Pattern.compile("^0x\\p{XDigit}+ .*\\.ChildFirstClassLoader$", Pattern.MULTILINE);
    private static final Pattern TOTAL =
            Pattern.compile("^Total = \\d+ +(?<classes>\\d+) +\\d+ +(?<bytes>\\d+)", Pattern.MULTILINE);
    private static final Pattern NUMBERS = Pattern.compile("\\p{XDigit}{8,}(-\\p{XDigit}{4,})*|\\d+");

    /** Aborts the test where the like cannot be read. */
    public static void assumeReadable() {
        assumeTrue(
                Files.isDirectory(Path.of("/proc/self/task")),
                "what a process holds is read from /proc, as Linux has it");
        assumeTrue(
                Files.isExecutable(JCMD),
                "what a JVM holds is read with " + JCMD + ", which a JDK has and a JRE has not");
    }

    /** Of a process that runs, after a full collection. */
    public static ProcessFootprint of(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        String statistics = jcmd(pid, "VM.classloader_stats");
        Matcher total = TOTAL.matcher(statistics);
        if (!total.find()) {
            throw new IOException("no total in what jcmd VM.classloader_stats says:\n" + statistics);
        }
        Path process = Path.of("/proc", String.valueOf(pid));
        List<String> files = read(process.resolve("fd"), descriptor -> Files.readSymbolicLink(descriptor)
                .toString());
        return new ProcessFootprint(
                Math.toIntExact(JOB_CLASS_LOADER.matcher(statistics).results().count()),
                Integer.parseInt(total.group("classes")),
                Long.parseLong(total.group("bytes")) / 1_024,
                libraries(process),
                counted(read(process.resolve("task"), task -> text(task.resolve("comm"))).stream()),
                counted(files.stream().filter(CLOSURE_FILE.negate())),
                files.stream().filter(CLOSURE_FILE).count(),
                counted(ProcessHandle.of(pid).orElseThrow().children().map(child -> child.info()
                        .command()
                        .orElse("ended"))));
    }

    /**
     * What there is more of than before, in words.
     *
     * @param before null: only what should not be there in any case
     * @param moreClosureFiles how many of them there may be more
     */
    List<String> moreThan(ProcessFootprint before, int moreClosureFiles) {
        List<String> more = new ArrayList<>();
        if (jobClassLoaders > KEPT_BY_JDK) {
            more.add(jobClassLoaders + " class loaders of jobs that are over");
        }
        if (before == null) {
            return more;
        }
        if (metaspaceKilobytes > before.metaspaceKilobytes + METASPACE_ALLOWANCE_KILOBYTES) {
            more.add(metaspaceKilobytes + " KB of metaspace instead of " + before.metaspaceKilobytes);
        }
        addMore(more, "mapped files", libraries, before.libraries);
        addMore(more, "threads", threads, before.threads);
        addMore(more, "open files", files, before.files);
        addMore(more, "processes", children, before.children);
        if (closureFiles > before.closureFiles + moreClosureFiles) {
            more.add(closureFiles + " open files of libffi instead of " + before.closureFiles);
        }
        return more;
    }

    private static void addMore(List<String> more, String what, Map<String, Long> now, Map<String, Long> before) {
        now.forEach((name, count) -> {
            long past = before.getOrDefault(name, 0L);
            int allowance = OF_THE_CLUSTER.matcher(name).lookingAt() ? ClusterFootprint.ALLOWANCE : 0;
            if (count > past + allowance) {
                more.add(count + " " + what + " " + name + " instead of " + past);
            }
        });
    }

    @Override
    public String toString() {
        return jobClassLoaders + " job class loaders, " + classes + " classes, " + metaspaceKilobytes
                + " KB of metaspace, " + sum(libraries) + " mapped files, " + sum(threads) + " threads, " + sum(files)
                + " open files, " + closureFiles + " of libffi, " + sum(children) + " processes";
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> libraries(Path process) throws IOException {
        String jdk = System.getProperty("java.home");
        try (Stream<String> lines = Files.lines(process.resolve("maps"))) {
            return counted(lines.map(line -> line.split("\\s+", 6))
                    .filter(mapping -> mapping.length == 6 && mapping[1].contains("x") && mapping[5].startsWith("/"))
                    .map(mapping -> mapping[5])
                    .filter(file -> !file.startsWith(jdk) && !CLOSURE_FILE.test(file)));
        }
    }

    private static List<String> read(Path folder, Reading what) throws IOException {
        List<String> read = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                try {
                    read.add(what.of(entry));
                } catch (NoSuchFileException gone) {
                    // A thread that has ended since, or a file that was closed.
                }
            }
        }
        return read;
    }

    private static Map<String, Long> counted(Stream<String> names) {
        return names.map(ProcessFootprint::withoutNumbers)
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    }

    public static String withoutNumbers(String name) {
        return NUMBERS.matcher(name).replaceAll("#");
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(List.of(JCMD.toString(), String.valueOf(pid), command))
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!jcmd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
            throw new IOException("jcmd " + pid + " " + command + ": " + said);
        }
        return said;
    }

    private interface Reading {
        String of(Path entry) throws IOException;
    }
}
