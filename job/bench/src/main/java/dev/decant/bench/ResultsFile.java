package dev.decant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.SerializationFeature;

/** What a command has measured, as JSON for programs: what it was measured on, and a row for each result. */
final class ResultsFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path file;
    private final Map<String, Object> results = new LinkedHashMap<>();
    private final List<Map<String, Object>> rows = new ArrayList<>();

    /**
     * Begins the file, so that it is known to be one that can be written before minutes are spent.
     *
     * @param file null for none: then nothing is written
     * @param command what was called, without paths of this machine
     * @param machine as {@link Machine#describe} has it
     * @throws BenchException if the file cannot be written
     */
    ResultsFile(Path file, String command, String machine) throws IOException {
        this.file = file;
        results.put("command", command);
        results.put("commit", Machine.commit());
        results.put("machine", machine);
        results.put("rows", rows);
        write();
    }

    /** Adds a row and writes the file, so that an interrupted run leaves the rows it has. */
    void add(Map<String, Object> row) {
        rows.add(row);
        write();
    }

    /** To four digits: nothing here is known better. */
    static double rounded(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }

    private void write() {
        if (file == null) {
            return;
        }
        try {
            Files.writeString(file, JSON.writeValueAsString(results) + "\n");
        } catch (IOException e) {
            throw new BenchException(
                    "--json: " + file + " cannot be written: name a file in a folder that exists and is open to you");
        }
    }
}
