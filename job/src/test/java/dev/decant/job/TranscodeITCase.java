package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.Digests;
import dev.decant.audio.SampleFormat;
import dev.decant.shard.DatasetsReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
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
            assertThat(new TranscodedFolder(out()).wavSamples(output))
                    .as(output)
                    .isEqualTo(pcm);
            JsonNode line = new TranscodedFolder(out()).report().get(reference.getKey());
            assertThat(line.path("status").asText()).isEqualTo("ok");
            assertThat(line.path("container").asText()).isEqualTo("Ogg");
            assertThat(line.path("output").asText()).isEqualTo(output);
            assertThat(line.path("samples").asLong())
                    .isEqualTo(pcm.length / 2 / reference.getValue().channels());
            assertThat(line.path("sha256").asText()).isEqualTo(Digests.sha256Hex(pcm));
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
                DecantCall.of("transcode", in.toString(), out().toString(), "--include", TranscodedRecordings.INCLUDE);

        assertThat(call.exitCode()).isEqualTo(UsageException.SOME_FAILED);
        new TranscodedRecordings(in, new TranscodedFolder(out())).assertAsTheManifestSays();
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

    private Path out() {
        return folder.resolve("out");
    }
}
