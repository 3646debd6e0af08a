package dev.decant.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** What {@code decant transcode} has written, as somebody sees it who looks into the folder. */
record TranscodedFolder(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REPORT = "_report.jsonl";

    /** Every file by its path, but for the report: its bytes. */
    Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = path.relativize(file).toString();
                if (!name.equals(REPORT)) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    /** The lines of the report, by the paths of the recordings. */
    Map<String, JsonNode> report() throws IOException {
        Map<String, JsonNode> lines = new TreeMap<>();
        for (String line : Files.readAllLines(path.resolve(REPORT))) {
            JsonNode json = JSON.readTree(line);
            JsonNode other = lines.put(json.path("path").asText(), json);
            if (other != null) {
                throw new IOException("two lines about one recording: " + other + " and " + json);
            }
        }
        return lines;
    }
}
