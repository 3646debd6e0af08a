package dev.decant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What memory a process has, as Linux says. */
final class ProcessMemory {
    private ProcessMemory() {}

    /**
     * {@code VmRSS}, now, and {@code VmHWM}, at most; bytes.
     *
     * @param process its ID, or {@code self}
     */
    static Map<String, Long> of(String process) throws IOException {
        Map<String, Long> memory = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("/proc", process, "status"))) {
            if (line.startsWith("VmRSS:") || line.startsWith("VmHWM:")) {
                String[] words = line.split("\\s+");
                memory.put(words[0].replace(":", ""), Long.parseLong(words[1]) * 1_024);
            }
        }
        return memory;
    }
}
