package dev.decant.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A command that runs in an image as in a container. It ends with this JVM, however that ends. */
public final class Container {
    private static final Duration TIME_FOR_A_COMMAND = Duration.ofMinutes(3);
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(20);

    /** All services, on this machine. */
    private static final String HOSTS = "127.0.0.1 localhost kafka jobmanager taskmanager ";

    private final String name;
    private final Process process;
    private final Path log;
    private final List<String> healthCheck;

    private Container(String name, Process process, Path log, List<String> healthCheck) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.healthCheck = healthCheck;
    }

    /**
     * Starts it; it need not be ready when this returns.
     *
     * @param healthCheck the command that tells whether it is
     */
    static Container start(
            String name,
            ContainerImage image,
            ContainerSettings settings,
            List<String> command,
            List<String> healthCheck)
            throws IOException {
        Path beside = image.root().getParent();
        Path hosts = Files.createTempFile(beside, name + "-", ".hosts");
        Files.writeString(hosts, HOSTS + name + "\n");
        Files.setPosixFilePermissions(hosts, PosixFilePermissions.fromString("rw-r--r--"));
        List<String> line = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--uts",
                "bash",
                image.starter().toString(),
                name,
                image.root().toString(),
                settings.readOnly() ? "ro" : "rw",
                String.valueOf(image.user()),
                hosts.toString()));
        line.addAll(image.mounts());
        line.addAll(settings.mounts());
        line.add("--");
        line.addAll(command);
        Path log = Files.createTempFile(beside, name + "-", ".log");
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(image.environment());
        environment.putAll(settings.environment());
        environment.put("WORKING_FOLDER", image.workingFolder());
        // By which those are found that were left behind.
        environment.put("ROOT_OF_CONTAINER", image.root().toString());
        return new Container(name, builder.start(), log, healthCheck);
    }

    /** Runs a command to its end. */
    static CommandResult run(ContainerImage image, ContainerSettings settings, List<String> command)
            throws IOException, InterruptedException {
        return start("command", image, settings, command, List.of()).awaitEnd();
    }

    /**
     * What stands in the way of running containers on this machine; nothing if they can be run.
     *
     * @return a sentence
     */
    public static Optional<String> obstacle() throws InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("only root can give a process a root folder of its own");
        }
        try {
            int exitCode = new ProcessBuilder("unshare", "--mount", "setpriv", "--reuid=9999", "true")
                    .start()
                    .waitFor();
            return exitCode == 0 ? Optional.empty() : Optional.of("this machine lets nobody mount anything");
        } catch (IOException e) {
            return Optional.of("there is no \"unshare\", of util-linux: " + e.getMessage());
        }
    }

    /** Where a file that it sees is on this machine, as long as it runs. */
    Path at(String path) {
        return Path.of("/proc", String.valueOf(pid()), "root" + path);
    }

    /** The ID of its process, which is that of the command. */
    public long pid() {
        return process.pid();
    }

    /** All that it printed so far. */
    public String output() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    List<String> healthCheck() {
        return healthCheck;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    CommandResult awaitEnd() throws InterruptedException {
        if (!process.waitFor(TIME_FOR_A_COMMAND.toMillis(), TimeUnit.MILLISECONDS)) {
            stop();
            throw failure("had not ended after " + TIME_FOR_A_COMMAND.toSeconds() + " s");
        }
        return new CommandResult(process.exitValue(), output());
    }

    /** As {@code docker stop}: SIGTERM, and SIGKILL if that is not enough. */
    void stop() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, TIME_TO_STOP.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        process.destroyForcibly();
        process.onExit().join();
    }

    /** That it did what it should not, with what it printed about that. */
    LocalException failure(String whatItDid) {
        String end = process.isAlive() ? "" : ", its exit code is " + process.exitValue();
        return new LocalException(name + " " + whatItDid + end + ChildProcess.tellingLines(output(), "its output"));
    }
}
