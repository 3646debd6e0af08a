package dev.decant.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ProcessFolderITCase {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ProcessFolder folder = ProcessFolder.create("process-folder-test");

    @AfterEach
    void close() {
        folder.close();
    }

    @Test
    void runsAProgramToItsEnd() throws Exception {
        ChildProcess process = start("hello", "3");
        assertThat(process.awaitEnd(LONG)).isEqualTo(3);
        assertThat(process.output()).contains("hello");
    }

    @Test
    void showsTheLogOfAProcessThatEndsTooSoon() {
        ChildProcess process = start("out of tape", "3");
        CompletableFuture<Void> never = new CompletableFuture<>();

        assertThatThrownBy(() -> ChildProcess.await(never, "sang", LONG, List.of(process)))
                .isInstanceOf(LocalException.class)
                .hasMessageStartingWith("the echo ended with exit code 3 before it sang")
                .hasMessageContaining("echo.log")
                .hasMessageEndingWith("out of tape");
        assertThat(never).as("what nobody waits for any more").isCancelled();
    }

    @Test
    void showsTheLogOfAProcessThatIsLate() throws Exception {
        ChildProcess process = start("humming");
        ChildProcess.await(printed(process, "humming"), "hummed", LONG, List.of(process));

        assertThatThrownBy(() ->
                        ChildProcess.await(new CompletableFuture<>(), "sung", Duration.ofMillis(1), List.of(process)))
                .isInstanceOf(LocalException.class)
                .hasMessageContaining("the echo had not sung after")
                .hasMessageEndingWith("humming");
    }

    @Test
    void showsOnlyTheEndOfALongLog() throws Exception {
        ChildProcess process = start("first\n" + "x\n".repeat(1_000) + "last", "0");
        process.awaitEnd(LONG);
        assertThat(process.failure("was too loud").getMessage())
                .endsWith("last")
                .doesNotContain("first");
    }

    @Test
    void showsTheFirstErrorOfALongLog() throws Exception {
        ChildProcess process = start("first\nERROR the cause\n" + "x\n".repeat(1_000) + "last", "0");
        process.awaitEnd(LONG);
        assertThat(process.failure("failed").getMessage())
                .startsWith("the echo failed\nThe first error in echo.log:\nERROR the cause\n")
                .endsWith("last")
                .doesNotContain("first\n");
    }

    @Test
    void saysWhichClassIsMissing() throws Exception {
        JavaCommand command = new JavaCommand(List.of(), List.of(), "no.such.Main", List.of(), Map.of());
        ChildProcess process = folder.start("echo", "echo", command);
        assertThat(process.awaitEnd(LONG)).isNotZero();
        assertThat(process.output()).contains("ClassNotFoundException: no.such.Main");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "reads the state of a process from /proc")
    void pausesAndResumes() throws Exception {
        ChildProcess process = start("ready");
        ChildProcess.await(printed(process, "ready"), "started", LONG, List.of(process));

        process.pause();
        ChildProcess.await(inState(process, true), "stopped", LONG, List.of(process));
        process.resume();
        ChildProcess.await(inState(process, false), "went on", LONG, List.of(process));
    }

    @Test
    void endsItsProcessesAndDeletesItself() {
        ChildProcess process = start("forever");
        folder.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(folder.path()).doesNotExist();
        assertThatThrownBy(() -> start("too late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("echo");
    }

    private ChildProcess start(String... arguments) {
        return folder.start(
                "echo",
                "echo",
                new JavaCommand(
                        List.of(System.getProperty("java.class.path")),
                        List.of("-Xmx32m"),
                        EchoMain.class.getName(),
                        List.of(arguments),
                        Map.of()));
    }

    private static CompletableFuture<String> printed(ChildProcess process, String text) {
        return Polling.until(
                output -> output.contains(text), () -> CompletableFuture.completedFuture(process.output()));
    }

    /** proc(5): the state follows the program's name in parentheses, T is stopped by a signal. */
    private static CompletableFuture<String> inState(ChildProcess process, boolean stopped) {
        return Polling.until(
                stat -> stat.contains(") T ") == stopped,
                () -> CompletableFuture.completedFuture(read(Path.of("/proc/" + process.pid() + "/stat"))));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
