package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In the process of the decoders nobody prints between the answers. */
class StandardOutputTest {
    @TempDir
    private Path folder;

    @Test
    void isOfAnswersAlone() throws Exception {
        assumeFalse(Platform.isWindows(), "Windows has no dup2");
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Printer.class.getName())
                .redirectError(errors.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        assertThat(output).isEqualTo("an answer");
        assertThat(Files.readString(errors)).contains("printed by Java", "printed by native code");
    }

    /** Prints in every way there is. */
    static final class Printer {
        public static void main(String[] arguments) throws IOException {
            try (OutputStream answers = StandardOutput.take()) {
                System.out.println("printed by Java");
                NativeLibrary.getProcess().getFunction("write").invokeInt(new Object[] {1, "printed by native code", 22
                });
                answers.write("an answer".getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
