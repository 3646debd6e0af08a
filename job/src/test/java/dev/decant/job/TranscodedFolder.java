package dev.decant.job;

import dev.decant.audio.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** What {@code decant transcode} has written, as somebody sees it who looks into the folder. */
record TranscodedFolder(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REPORT = "_report.jsonl";

    /** Every file by its path, but for the report: its bytes. */
    Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (String name : names()) {
            files.put(name, Files.readAllBytes(path.resolve(name)));
        }
        return files;
    }

    /** Every file by its path, but for the report: the SHA-256 of its bytes. */
    Map<String, String> hashes() throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        for (String name : names()) {
            hashes.put(name, hash(name));
        }
        return hashes;
    }

    /** The SHA-256 of a file's bytes. */
    String hash(String name) throws IOException {
        return Digests.sha256Hex(Files.readAllBytes(path.resolve(name)));
    }

    /** The samples of a WAV file. */
    byte[] wavSamples(String name) throws IOException, UnsupportedAudioFileException {
        try (AudioInputStream audio =
                AudioSystem.getAudioInputStream(path.resolve(name).toFile())) {
            ByteArrayOutputStream samples = new ByteArrayOutputStream();
            audio.transferTo(samples);
            return samples.toByteArray();
        }
    }

    /** The paths of all files but the report. */
    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> path.relativize(file).toString())
                    .filter(name -> !name.equals(REPORT))
                    .toList();
        }
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
