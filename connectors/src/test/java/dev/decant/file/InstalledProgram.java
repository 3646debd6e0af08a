package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program that a machine may have; a test that needs one it has not is skipped and says so. */
final class InstalledProgram {
    private final String name;

    private InstalledProgram(String name) {
        this.name = name;
    }

    /** The program, or the end of the test if it is not there. */
    static InstalledProgram named(String name) {
        boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        assumeTrue(found, name + " is not installed: what it would say is not known");
        return new InstalledProgram(name);
    }

    /** What it writes to standard output; fails with what it writes to standard error if it does not end with 0. */
    byte[] run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(name));
        command.addAll(List.of(arguments));
        Path errors = Files.createTempFile(name, ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectError(errors.toFile())
                    .start();
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            process.getInputStream().transferTo(output);
            assertThat(process.waitFor())
                    .as(() -> command + ": " + text(errors))
                    .isZero();
            return output.toByteArray();
        } finally {
            Files.delete(errors);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
