package dev.decant.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A JVM started by this one. It never outlives its parent: {@link TetheredMain} ends it when the pipe to its standard
 * input breaks. What it prints goes to one file.
 */
final class ChildProcess {
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(10);
    private static final int SHOWN_LINES = 25;
    private static final Pattern ERROR = Pattern.compile("\\b(ERROR|FATAL)\\b");

    private final String name;
    private final Process process;
    private final Path log;
    private volatile boolean paused;

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
     * @param folder its working directory, and where its temporary files go
     * @param log the file that its output is appended to
     * @throws LocalException if the JVM cannot be started
     */
    static ChildProcess start(String name, JavaCommand command, Path tetherClasses, Path folder, Path log) {
        List<String> classPath = new ArrayList<>(command.classPath());
        classPath.add(tetherClasses.toString());

        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // What libraries unpack there goes away with the folder.
        line.add("-Djava.io.tmpdir=" + folder);
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
     * Waits until {@code ready} completes, which something outside these processes has to notice. It is cancelled if that
     * does not come.
     *
     * @param what what they have done then, in the past tense, as messages name it: "answered at 127.0.0.1:9092"
     * @throws LocalException if one of the processes ends first, {@code ready} fails, or neither happens in time
     */
    static <T> T await(CompletableFuture<T> ready, String what, Duration deadline, List<ChildProcess> processes)
            throws InterruptedException {
        List<CompletableFuture<?>> events = new ArrayList<>();
        events.add(ready);
        processes.forEach(process -> events.add(process.process.onExit()));
        try {
            CompletableFuture.anyOf(events.toArray(new CompletableFuture<?>[0]))
                    .get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            for (ChildProcess process : processes) {
                if (!process.isAlive() && !ready.isDone()) {
                    throw process.failure("ended with exit code " + process.process.exitValue() + " before it " + what);
                }
            }
            return ready.join();
        } catch (TimeoutException e) {
            throw late(what, deadline, processes);
        } catch (ExecutionException e) {
            throw new LocalException("cannot tell whether " + names(processes) + " " + what + ": " + e.getCause(), e);
        } finally {
            ready.cancel(true);
        }
    }

    private static LocalException late(String what, Duration deadline, List<ChildProcess> processes) {
        StringBuilder message =
                new StringBuilder(names(processes) + " had not " + what + " after " + deadline.toSeconds() + " s");
        processes.forEach(process -> message.append(process.logOfFailure()));
        return new LocalException(message.toString());
    }

    private static String names(List<ChildProcess> processes) {
        return processes.stream().map(process -> "the " + process.name).collect(Collectors.joining(", "));
    }

    /** Completes when it has ended, however that came. */
    CompletableFuture<?> end() {
        return process.onExit();
    }

    /**
     * Waits for its end.
     *
     * @return the exit code
     * @throws LocalException if it still runs at the deadline
     */
    int awaitEnd(Duration deadline) throws InterruptedException {
        if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            throw failure("still runs after " + deadline.toSeconds() + " s");
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

    /** That this process did what it should not, with what its log says about that. */
    LocalException failure(String whatItDid) {
        return new LocalException("the " + name + " " + whatItDid + logOfFailure());
    }

    /** All that the process printed so far. */
    String output() {
        try {
            // Not readString(): half a character, written just now, is no error.
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    private String logOfFailure() {
        return tellingLines(output(), log.getFileName().toString());
    }

    /**
     * The last lines, and those of the first error if it is further up: what follows it is often only its echo.
     *
     * @param name of the log, as they are introduced
     */
    static String tellingLines(String output, String name) {
        List<String> lines = output.lines().toList();
        int end = Math.max(0, lines.size() - SHOWN_LINES);
        int error = 0;
        while (error < end && !ERROR.matcher(lines.get(error)).find()) {
            error++;
        }
        List<String> shown = new ArrayList<>();
        if (error < end) {
            shown.add("The first error in " + name + ":");
            shown.addAll(lines.subList(error, Math.min(error + SHOWN_LINES, end)));
        }
        shown.add("The end of " + name + ":");
        shown.addAll(lines.subList(end, lines.size()));
        return "\n" + String.join("\n", shown);
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
