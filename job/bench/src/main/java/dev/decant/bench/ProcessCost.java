package dev.decant.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command took, with all processes that came of it.
 *
 * @param cpuSeconds user and system time together
 * @param peakBytes the most memory that one of the processes was resident with
 * @param wallSeconds from start to end
 */
record ProcessCost(double cpuSeconds, long peakBytes, double wallSeconds) {

    /**
     * Runs a command and waits until it is done.
     *
     * @param target the folder of the compiled {@code measured.c}
     * @param log what the command prints is added to it
     * @throws BenchException if the command fails
     */
    static ProcessCost of(List<String> command, Path target, Path log) throws IOException {
        Path result = Files.createTempFile(target, "measured", null);
        try {
            List<String> words =
                    new ArrayList<>(List.of(target.resolve("measured").toString(), result.toString()));
            words.addAll(command);
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log.toFile()))
                    .start();
            int exitCode = process.onExit().join().exitValue();
            if (exitCode != 0) {
                throw new BenchException(
                        String.join(" ", command) + " ended with exit code " + exitCode + "; " + log + " says why");
            }
            return parse(Files.readString(result));
        } finally {
            Files.delete(result);
        }
    }

    /** CPU time in µs, memory in KiB, wall clock in µs. */
    private static ProcessCost parse(String result) {
        String[] numbers = result.strip().split(" ");
        return new ProcessCost(
                Long.parseLong(numbers[0]) / 1e6, 1_024 * Long.parseLong(numbers[1]), Long.parseLong(numbers[2]) / 1e6);
    }
}
