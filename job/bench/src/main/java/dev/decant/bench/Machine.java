package dev.decant.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What times were measured on: a line without which they say little. */
final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Machine() {}

    /**
     * The processors, Java, and programs.
     *
     * @param programs for each the command that says its version; what is not installed is left out
     */
    static String describe(List<List<String>> programs) throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add(Runtime.getRuntime().availableProcessors() + " × " + cpuInfo("model name"));
        if (cpuInfo("flags").contains("hypervisor")) {
            parts.add("a virtual machine");
        }
        parts.add("Linux " + System.getProperty("os.version"));
        parts.add("Java " + System.getProperty("java.version"));
        for (List<String> program : programs) {
            if (Transcoder.isInstalled(program.get(0))) {
                parts.add(firstLine(program));
            }
        }
        return String.join("; ", parts);
    }

    /** The commit that is measured, marked where files differ from it; null where there is no Git to say so. */
    static String commit() throws IOException {
        List<String> command = List.of(
                "git", "-C", System.getProperty("decant.home"), "describe", "--always", "--dirty", "--exclude=*");
        if (!Transcoder.isInstalled("git")) {
            return null;
        }
        Process process = new ProcessBuilder(command).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.onExit().join().exitValue() == 0 ? output.strip() : null;
    }

    /** Of the first processor. */
    private static String cpuInfo(String key) throws IOException {
        return Files.readAllLines(CPU_INFO).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown " + key);
    }

    private static String firstLine(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return output.lines().findFirst().orElse(command.get(0)).replaceFirst(" Copyright.*", "");
    }
}
