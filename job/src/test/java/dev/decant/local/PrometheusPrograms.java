package dev.decant.local;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code prometheus} and {@code promtool}: in the folder that {@code DECANT_PROMETHEUS} names, or on the PATH.
 *
 * @param folder where they lie
 */
public record PrometheusPrograms(Path folder) {

    /** Those of this machine; where it has none, the test is skipped. */
    public static PrometheusPrograms installed() {
        Optional<Path> folder = folders()
                .filter(candidate -> Files.isExecutable(candidate.resolve("prometheus"))
                        && Files.isExecutable(candidate.resolve("promtool")))
                .findFirst();
        if (folder.isEmpty()) {
            abort("prometheus and promtool are neither in the folder DECANT_PROMETHEUS nor on the PATH: what they say"
                    + " of dashboard and alerts is not known");
        }
        return new PrometheusPrograms(folder.orElseThrow());
    }

    /** What {@code promtool} prints; fails with it if it does not end with 0. */
    public String promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(folder.resolve("promtool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new LocalException(String.join(" ", command) + " says:\n" + output);
        }
        return output;
    }

    Path server() {
        return folder.resolve("prometheus");
    }

    private static Stream<Path> folders() {
        String named = System.getenv("DECANT_PROMETHEUS");
        return named != null
                ? Stream.of(Path.of(named))
                : Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
    }
}
