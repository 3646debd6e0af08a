package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own for what must not happen in this one, or must happen in another. */
public final class TestProcess {
    private TestProcess() {}

    /**
     * Runs the main method of a class in a new JVM with this one's class path, and waits for its end.
     *
     * @return what it printed; if it failed, so does the test, with what it said
     */
    public static byte[] run(Class<?> main, List<String> arguments) throws IOException, InterruptedException {
        return run(List.of("-Xmx256m"), main, arguments);
    }

    /** The last line that {@link #run(List, Class, List)} printed: libraries may have printed some before. */
    public static String lastLineOf(List<String> options, Class<?> main, List<String> arguments)
            throws IOException, InterruptedException {
        byte[] printed = run(options, main, arguments);
        String[] lines = new String(printed, StandardCharsets.US_ASCII).strip().split("\n");
        return lines[lines.length - 1];
    }

    /**
     * {@link #run(Class, List)} with other options of the JVM.
     *
     * @param options its heap among them
     */
    public static byte[] run(List<String> options, Class<?> main, List<String> arguments)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile("test-process-", ".log");
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(options);
            command.addAll(List.of(
                    "-XX:ErrorFile=" + errors + ".crash",
                    "-cp",
                    System.getProperty("java.class.path"),
                    main.getName()));
            command.addAll(arguments);
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            byte[] printed = process.getInputStream().readAllBytes();
            assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
            return printed;
        } finally {
            Files.delete(errors);
        }
    }
}
