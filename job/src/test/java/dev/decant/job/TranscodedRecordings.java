package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * What {@code decant transcode} made of the recordings in a folder that has {@code recordings}, which are whole,
 * {@code broken} ones, and a manifest, held against the manifest and against libopus' C API.
 */
record TranscodedRecordings(Path data, TranscodedFolder out) {
    /** What to pass to {@code --include}. */
    static final String INCLUDE = "recordings/*;broken/*";

    /** Every recording comes out as libopus gives it, and every broken one is named. */
    void assertAsTheManifestSays() throws Exception {
        Map<String, JsonNode> report = out.report();
        Map<String, Long> samples = samplesOfTheManifest();
        int compared = 0;
        for (String kind : List.of("recordings", "broken")) {
            for (Path file : files(kind)) {
                String path = kind + "/" + file.getFileName();
                JsonNode line = report.remove(path);
                assertThat(line).as(path).isNotNull();
                if (kind.equals("recordings")) {
                    assertThat(line.path("status").asText()).as(line.toString()).isEqualTo("ok");
                } else {
                    assertToldWhy(line);
                }
                if (samples.containsKey(file.getFileName().toString())) {
                    assertThat(line.path("samples").asLong())
                            .as(path)
                            .isEqualTo(samples.get(file.getFileName().toString()));
                }
                if (line.path("output").isTextual()) {
                    compareUpToTheFirstLoss(file, line);
                    compared++;
                }
            }
        }
        assertThat(report).isEmpty();
        assertThat(compared).isGreaterThan(65);
    }

    /** The files of {@code recordings} or {@code broken}, by name. */
    List<Path> files(String kind) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve(kind))) {
            return files.sorted().toList();
        }
    }

    /** A damaged one must say what is wrong with it, and where; one that is whole after all may be whole. */
    private static void assertToldWhy(JsonNode line) {
        if (!line.path("status").asText().equals("ok")) {
            assertThat(line.path("error").asText()).as(line.toString()).isNotBlank();
            assertThat(line.path("error_offset").isNumber()).as(line.toString()).isTrue();
        }
    }

    /** What follows a loss depends on how it was made up for, which other tests are about. */
    private void compareUpToTheFirstLoss(Path recording, JsonNode line) throws Exception {
        ReferencePcm reference = ReferencePcm.upToTheFirstLoss(
                RecordingFile.of(List.of(recording)).get(0));
        byte[] expected = reference.decodeInWaveOrder(48_000);
        byte[] written = out.wavSamples(line.path("output").asText());
        assertThat(Digests.sha256Hex(written)).isEqualTo(line.path("sha256").asText());
        if (reference.isWhole()) {
            StreamPcm.assertSame(recording.toString(), written, expected);
        } else {
            byte[] beginning = new byte[expected.length];
            System.arraycopy(written, 0, beginning, 0, expected.length);
            StreamPcm.assertSame(recording.toString(), beginning, expected);
        }
    }

    private Map<String, Long> samplesOfTheManifest() throws IOException {
        List<String> lines = Files.readAllLines(data.resolve("MANIFEST.tsv"));
        int column = List.of(lines.get(0).split("\t")).indexOf("samples_48k");
        Map<String, Long> samples = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split("\t");
            if (!fields[column].isEmpty()) {
                String name = fields[0].startsWith("speech_kerstin/")
                        ? "kerstin_" + fields[0].substring(fields[0].indexOf('/') + 1)
                        : fields[0].substring(fields[0].lastIndexOf('/') + 1);
                samples.put(name, Long.parseLong(fields[column]));
            }
        }
        return samples;
    }
}
