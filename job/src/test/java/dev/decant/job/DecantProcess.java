package dev.decant.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code decant COMMAND …} in a process of its own, for commands that go on until they are ended. What it complains of, and
 * its temporary files, are in a folder of the test.
 */
final class DecantProcess {
    private static final Duration TIME_TO_END = Duration.ofMinutes(1);
    private static final String ERRORS = "errors";

    private final Process process;
    private final BufferedReader output;
    private final Path temporary;

    private DecantProcess(Process process, Path temporary) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        this.temporary = temporary;
    }

    /** @param temporary a folder without other processes */
    static DecantProcess start(Path temporary, String... arguments) throws IOException {
        return start(temporary, List.of(), arguments);
    }

    /** As the child of a shell, which {@link #killShell} kills. */
    static DecantProcess startByShell(Path temporary, String... arguments) throws IOException {
        return start(temporary, List.of("sh", "-c", "\"$@\" & wait", "sh"), arguments);
    }

    private static DecantProcess start(Path temporary, List<String> shell, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(shell);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Ddecant.home=" + System.getProperty("decant.home"),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Decant.class.getName()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(temporary.resolve(ERRORS).toFile())
                .start();
        return new DecantProcess(process, temporary);
    }

    /** Waits for its next line of output, which must be this one. */
    Matcher awaitLine(Pattern expected) throws IOException {
        String line = output.readLine();
        assertThat(line).as("the next line; errors: " + errors()).isNotNull();
        Matcher matcher = expected.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        return matcher;
    }

    /** The temporary folder of its own whose name begins so. */
    Path folder(String beginning) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith(beginning))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** As Ctrl-C does; returns when it has ended, which it must do without a complaint. */
    void terminate() throws IOException {
        process.destroy();
        awaitEnd(process.toHandle());
        assertThat(errors()).isEmpty();
    }

    /** SIGKILL for the parent of the command; returns when the command has ended. */
    void killShell() {
        List<ProcessHandle> children = process.children().toList();
        process.destroyForcibly();
        children.forEach(DecantProcess::awaitEnd);
    }

    private static void awaitEnd(ProcessHandle process) {
        assertThat(process.onExit()).as("the end of %s", process).succeedsWithin(TIME_TO_END);
    }

    private String errors() throws IOException {
        return Files.readString(temporary.resolve(ERRORS));
    }
}
