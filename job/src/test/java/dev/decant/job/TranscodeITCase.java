package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.SampleFormat;
import dev.decant.shard.DatasetsReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./decant transcode}: a tree of recordings to files, and every sample compared with libopus' C API. */
class TranscodeITCase {
    private static final String DATA = System.getenv("DECANT_TEST_DATA");

    @TempDir
    private Path folder;

    @Test
    void aTreeBecomesATreeOfWavs() throws Exception {
        Path in = samples(folder.resolve("in"));

        DecantCall call = DecantCall.of("transcode", in.toString(), out().toString());

        assertThat(call.exitCode()).as(call.err()).isZero();
        assertThat(call.out()).contains("7 recordings (7 ok)").contains("Report: " + out().resolve("_report.jsonl"));
        Map<String, ReferencePcm> references = references(in);
        assertThat(new TranscodedFolder(out()).files().keySet())
                .containsExactlyElementsOf(references.keySet().stream()
                        .map(path -> path.replace(".opus", ".wav"))
                        .toList());
        for (Map.Entry<String, ReferencePcm> reference : references.entrySet()) {
            byte[] pcm = reference.getValue().decode(SampleFormat.S16LE, 48_000);
            String output = reference.getKey().replace(".opus", ".wav");
            assertThat(wavSamples(out().resolve(output))).as(output).isEqualTo(pcm);
            JsonNode line = new TranscodedFolder(out()).report().get(reference.getKey());
            assertThat(line.path("status").asText()).isEqualTo("ok");
            assertThat(line.path("container").asText()).isEqualTo("Ogg");
            assertThat(line.path("output").asText()).isEqualTo(output);
            assertThat(line.path("samples").asLong())
                    .isEqualTo(pcm.length / 2 / reference.getValue().channels());
            assertThat(line.path("sha256").asText()).isEqualTo(sha256(pcm));
        }
    }

    @Test
    void rateChannelsAndSampleFormatAreTheUsers() throws Exception {
        Path in = samples(folder.resolve("in"));

        DecantCall call = DecantCall.of(
                "transcode",
                in.toString(),
                out().toString(),
                "--rate",
                "16000",
                "--sample-format",
                "f32",
                "--format",
                "raw",
                "--include",
                "a/*.opus;bonjour*",
                "--exclude",
                "*telefon*");

        assertThat(call.exitCode()).as(call.err()).isZero();
        Map<String, byte[]> files = new TranscodedFolder(out()).files();
        Map<String, ReferencePcm> references = references(in);
        references
                .keySet()
                .removeIf(path -> path.contains("telefon") || !path.matches("a/[^/]*|.*/bonjour.opus|bonjour.opus"));
        assertThat(references).isNotEmpty();
        assertThat(files.keySet())
                .containsExactlyElementsOf(references.keySet().stream()
                        .map(path -> path.replace(".opus", ".raw"))
                        .toList());
        references.forEach((path, reference) -> assertThat(files.get(path.replace(".opus", ".raw")))
                .as(path)
                .isEqualTo(reference.decode(SampleFormat.F32LE, 16_000)));
    }

    @Test
    void anyMaxParallelismWillDo() throws Exception {
        Path in = samples(folder.resolve("in"));

        DecantCall call =
                DecantCall.of("transcode", in.toString(), out().toString(), "-D", "pipeline.max-parallelism=5");

        assertThat(call.exitCode()).as(call.err()).isZero();
        assertThat(call.out()).contains("7 recordings (7 ok)");
    }

    @Test
    void anImpossibleRateIsRefusedByName() {
        DecantCall call = DecantCall.of("transcode", folder.toString(), out().toString(), "--rate", "44100");

        assertThat(call.exitCode()).isEqualTo(UsageException.USAGE);
        assertThat(call.err()).contains("Opus cannot be decoded to 44100 Hz: take 8000, 12000, 16000, 24000 or 48000");
    }

    @Test
    void anotherRunNeedsAnotherFolderOrResume() throws Exception {
        Path in = samples(folder.resolve("in"));
        assertThat(DecantCall.of("transcode", in.toString(), out().toString()).exitCode())
                .isZero();

        DecantCall again = DecantCall.of("transcode", in.toString(), out().toString());

        assertThat(again.exitCode()).isEqualTo(UsageException.USAGE);
        assertThat(again.err()).contains("holds the report of an earlier run").contains("--resume");
        Map<String, byte[]> before = new TranscodedFolder(out()).files();
        Files.copy(in.resolve("welcome.opus"), in.resolve("new.opus"));
        DecantCall resumed = DecantCall.of("transcode", in.toString(), out().toString(), "--resume");
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(resumed.out()).contains("8 recordings (8 ok)");
        Map<String, byte[]> after = new TranscodedFolder(out()).files();
        assertThat(after.remove("new.wav")).isEqualTo(before.get("welcome.wav"));
        assertThat(after).containsExactlyEntriesOf(before);
    }

    @Test
    void everyRecordingComesOutAsLibopusGivesItAndEveryBrokenOneIsNamed() throws Exception {
        assumeTrue(DATA != null, "DECANT_TEST_DATA is not set: real recordings are not tried");
        Path in = Path.of(DATA);

        DecantCall call =
                DecantCall.of("transcode", in.toString(), out().toString(), "--include", "recordings/*;broken/*");

        assertThat(call.exitCode()).isEqualTo(UsageException.SOME_FAILED);
        Map<String, JsonNode> report = new TranscodedFolder(out()).report();
        Map<String, Long> samples = samplesOfTheManifest();
        int compared = 0;
        for (String kind : List.of("recordings", "broken")) {
            try (Stream<Path> files = Files.list(in.resolve(kind))) {
                for (Path file : files.sorted().toList()) {
                    String path = kind + "/" + file.getFileName();
                    JsonNode line = report.remove(path);
                    assertThat(line).as(path).isNotNull();
                    if (kind.equals("recordings")) {
                        assertThat(line.path("status").asText())
                                .as(line.toString())
                                .isEqualTo("ok");
                    } else {
                        assertToldWhy(line);
                    }
                    if (samples.containsKey(file.getFileName().toString())) {
                        assertThat(line.path("samples").asLong())
                                .as(path)
                                .isEqualTo(samples.get(file.getFileName().toString()));
                    }
                    if (line.path("output").isTextual()) {
                        compareUpToTheFirstLoss(
                                file, out().resolve(line.path("output").asText()), line);
                        compared++;
                    }
                }
            }
        }
        assertThat(report).isEmpty();
        assertThat(compared).isGreaterThan(65);
        assertThat(out().resolve(".decant")).doesNotExist();
    }

    @Test
    void datasetsReadTheShardsOfARun() throws Exception {
        DatasetsReader datasets = new DatasetsReader(out());
        Path in = samples(folder.resolve("in"));
        Files.createDirectories(out());
        datasets.requirePython();

        Files.delete(out().resolve("python.log"));
        DecantCall call =
                DecantCall.of("transcode", in.toString(), out().toString(), "--shards", "--shard-size", "4 mb");

        assertThat(call.exitCode()).as(call.err()).isZero();
        Map<String, ReferencePcm> references = references(in);
        for (Map.Entry<String, ReferencePcm> reference : references.entrySet()) {
            datasets.writePcm(
                    reference.getKey(), SampleFormat.S16LE, reference.getValue().decode(SampleFormat.S16LE, 48_000));
        }
        JsonNode data = datasets.read();
        assertThat(data.get("rows")).hasSize(7).allSatisfy(row -> {
            assertThat(row.get("decoded_exactly").asBoolean())
                    .as(row.toString())
                    .isTrue();
            assertThat(row.get("audio_path").asText())
                    .isEqualTo(row.get("path").asText().replace(".opus", ".wav"));
        });
        assertThat(data.get("rows"))
                .extracting(row -> row.get("path").asText())
                .containsExactlyInAnyOrderElementsOf(references.keySet());
        try (Stream<Path> shards =
                Files.list(out()).filter(file -> file.toString().endsWith(".parquet"))) {
            assertThat(shards).hasSizeGreaterThan(1);
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
    private static void compareUpToTheFirstLoss(Path recording, Path wav, JsonNode line) throws Exception {
        ReferencePcm reference = ReferencePcm.upToTheFirstLoss(
                RecordingFile.of(List.of(recording)).get(0));
        byte[] expected = reference.decodeInWaveOrder(48_000);
        byte[] written = wavSamples(wav);
        assertThat(sha256(written)).isEqualTo(line.path("sha256").asText());
        if (reference.isWhole()) {
            StreamPcm.assertSame(recording.toString(), written, expected);
        } else {
            byte[] beginning = new byte[expected.length];
            System.arraycopy(written, 0, beginning, 0, expected.length);
            StreamPcm.assertSame(recording.toString(), beginning, expected);
        }
    }

    /** The bundled samples: some in the folder, some in folders below. */
    static Path samples(Path in) throws IOException {
        int number = 0;
        for (RecordingFile sample : RecordingFile.samples()) {
            Path file = in.resolve(List.of("", "a", "a/b ö").get(number++ % 3)).resolve(sample.path());
            Files.createDirectories(file.getParent());
            try (InputStream bytes = sample.bytes().open(0)) {
                Files.copy(bytes, file);
            }
        }
        Files.writeString(in.resolve("notes.txt"), "no recording, and not called like one");
        return in;
    }

    /** By path below the folder, in the order of their outputs. */
    private static Map<String, ReferencePcm> references(Path in) throws IOException {
        Map<String, ReferencePcm> references = new TreeMap<>();
        try (Stream<Path> files = Files.walk(in)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".opus")).toList()) {
                references.put(
                        in.relativize(file).toString(),
                        ReferencePcm.of(RecordingFile.of(List.of(file)).get(0)));
            }
        }
        return references;
    }

    private static byte[] wavSamples(Path wav) throws Exception {
        try (AudioInputStream audio = AudioSystem.getAudioInputStream(wav.toFile())) {
            ByteArrayOutputStream samples = new ByteArrayOutputStream();
            audio.transferTo(samples);
            return samples.toByteArray();
        }
    }

    private static Map<String, Long> samplesOfTheManifest() throws IOException {
        List<String> lines = Files.readAllLines(Path.of(DATA, "MANIFEST.tsv"));
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

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private Path out() {
        return folder.resolve("out");
    }
}
