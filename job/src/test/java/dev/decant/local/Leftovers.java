package dev.decant.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What processes that worked in a folder left behind when they should be gone: themselves, their children, files. */
public final class Leftovers {
    /** A child whose parent was killed notices it by itself. */
    private static final Duration TIME_TO_END = Duration.ofSeconds(30);

    private Leftovers() {}

    /** Demands that the folder is deleted, and that no process is left that was started in it, by whomever. */
    public static void assertNoneOf(Path folder) {
        List<ProcessHandle> left = processesOf(folder);
        CompletableFuture<Void> end =
                CompletableFuture.allOf(left.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new));
        assertThat(end).as("the end of %s, which lived in %s", left, folder).succeedsWithin(TIME_TO_END);
        assertThat(folder).doesNotExist();
    }

    /**
     * The processes that have the folder in their command line or in their environment, which children inherit: so those
     * are found too whose parent is gone.
     */
    public static List<ProcessHandle> processesOf(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> mentions(process, folder.toString()))
                .toList();
    }

    private static boolean mentions(ProcessHandle process, String folder) {
        return process.info().commandLine().orElse("").contains(folder)
                || environment(process).contains(folder);
    }

    /** Empty where it cannot be read: other systems, other users, and a process that has just ended. */
    private static String environment(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", String.valueOf(process.pid()), "environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return "";
        }
    }
}
