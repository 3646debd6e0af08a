package dev.decant.local;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A JVM started by this one. It never outlives its parent: {@link TetheredMain} ends it when the pipe to its standard
 * input breaks. What it prints goes to one file.
 */
final class ChildProcess {
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(10);
    private static final int TAIL_BYTES = 8 * 1024;
    private static final int TAIL_LINES = 40;

    private final String name;
    private final Process process;
    private final Path log;
    private boolean paused;

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts the process; it need not be ready when this returns.
     *
     * @param name what it is, as messages name it: "Kafka broker"
     * @param tetherClasses the folder that holds {@link TetheredMain}
     * @param folder its working directory
     * @param log the file that its output is appended to
     * @throws LocalException if the JVM cannot be started
     */
    static ChildProcess start(String name, JavaCommand command, Path tetherClasses, Path folder, Path log) {
        List<String> classPath = new ArrayList<>(command.classPath());
        classPath.add(tetherClasses.toString());

        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(command.jvmOptions());
        line.add("-cp");
        line.add(String.join(File.pathSeparator, classPath));
        line.add(TetheredMain.class.getName());
        line.add(command.mainClass());
        line.addAll(command.arguments());

        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(command.environment());
        try {
            return new ChildProcess(name, builder.start(), log);
        } catch (IOException e) {
            throw new LocalException("cannot start the " + name + ": " + e.getMessage(), e);
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits until {@code ready} completes, which something outside this process has to notice.
     *
     * @throws LocalException if {@code ready} fails, or the process ends first, or neither happens before the deadline
     */
    <T> T await(CompletableFuture<T> ready, String what, Duration deadline) throws InterruptedException {
        CompletableFuture<Process> end = process.onExit();
        try {
            CompletableFuture.anyOf(ready, end).get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (!ready.isDone()) {
                throw failure("ended with exit code " + process.exitValue() + " before " + what, null);
            }
            return ready.join();
        } catch (TimeoutException e) {
            throw failure("is not there after " + deadline.toSeconds() + " s: not yet " + what, e);
        } catch (ExecutionException | CompletionException e) {
            throw failure("failed before " + what + ": " + e.getCause().getMessage(), e.getCause());
        } finally {
            ready.cancel(true);
        }
    }

    /**
     * Waits for its end.
     *
     * @return the exit code
     * @throws LocalException if it still runs at the deadline
     */
    int awaitEnd(Duration deadline) throws InterruptedException {
        if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            throw failure("still runs after " + deadline.toSeconds() + " s", null);
        }
        return process.exitValue();
    }

    /** SIGSTOP: the process keeps its memory and its connections, and does nothing until {@link #resume()}. */
    void pause() {
        signal("STOP");
        paused = true;
    }

    /** SIGCONT. */
    void resume() {
        signal("CONT");
        paused = false;
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGTERM: asks the process to end; {@link #stop()} waits for that. */
    void requestStop() {
        if (paused) {
            // A stopped process does not see SIGTERM.
            process.destroyForcibly();
        } else {
            process.destroy();
        }
    }

    /** Ends the process in good order if it does so in time, else by force; returns when it is gone. */
    void stop() {
        requestStop();
        process.onExit()
                .completeOnTimeout(process, TIME_TO_STOP.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        kill();
    }

    /** That this process did not do what it should, with the last lines of its log. */
    LocalException failure(String whatItDid, Throwable cause) {
        return new LocalException(
                "the " + name + " " + whatItDid + "; the end of " + log.getFileName() + ":\n" + logTail(), cause);
    }

    /** The last lines that the process printed. */
    String logTail() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long start = Math.max(0, file.length() - TAIL_BYTES);
            byte[] end = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(end);
            List<String> lines = new String(end, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    private void signal(String signal) {
        try {
            // The kill of the shell, since a small container need not have one of its own.
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kill.onExit().join().exitValue() != 0) {
                throw new LocalException("cannot send SIG" + signal + " to the " + name + ": " + said.strip());
            }
        } catch (IOException e) {
            throw new LocalException("cannot send SIG" + signal + " to the " + name + ": " + e.getMessage(), e);
        }
    }
}
