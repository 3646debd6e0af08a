package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.shard.DatasetsReader;
import dev.decant.shard.ShardRow;
import dev.decant.shard.ShardRow.Status;
import dev.decant.shard.ShardWriter;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.BooleanNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shards of WAV files in the hands of those they are made for: {@code datasets} of Hugging Face loads them by pyarrow and
 * decodes them by libsndfile.
 */
class ShardsInDatasetsTest {
    @TempDir
    private Path folder;

    private DatasetsReader datasets;

    @BeforeEach
    void requirePython() throws Exception {
        datasets = new DatasetsReader(folder);
        datasets.requirePython();
    }

    @Test
    void samplesComeBackExactlyInEveryFormat() throws Exception {
        List<Clip> clips = new ArrayList<>();
        for (SampleFormat sampleFormat : SampleFormat.values()) {
            for (int channels : new int[] {1, 2, 6}) {
                clips.add(clip(new PcmFormat(sampleFormat, 16_000, channels), 1_000 + channels));
                clips.add(clip(new PcmFormat(sampleFormat, 48_000, channels), 480));
            }
        }
        writeShard("shard.parquet", clips);

        JsonNode data = datasets.read();

        assertThat(data.get("rows")).hasSize(clips.size());
        for (int i = 0; i < clips.size(); i++) {
            Clip clip = clips.get(i);
            JsonNode row = data.get("rows").get(i);
            assertThat(row.get("path").asText()).isEqualTo(clip.path());
            assertThat(row.get("audio_path").asText()).isEqualTo(clip.path() + ".wav");
            assertThat(row.get("decoded_rate").asInt()).isEqualTo(clip.format().rate());
            assertThat(row.get("decoded_exactly").asBoolean())
                    .as(row.toString())
                    .isTrue();
            assertThat(row.get("sha256").asText()).isEqualTo(sha256(clip.pcm()));
        }
    }

    @Test
    void theColumnsAreFeaturesOfTheirTypes() throws Exception {
        writeShard("shard.parquet", List.of(clip(new PcmFormat(SampleFormat.S16LE, 16_000, 1), 24_000)));

        JsonNode data = datasets.read();

        assertThat(data.get("features"))
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                                {
                                  "audio": "Audio(sampling_rate=None, mono=False, decode=True, id=None)",
                                  "path": "string",
                                  "sampling_rate": "int32",
                                  "channels": "int32",
                                  "samples": "int64",
                                  "seconds": "float64",
                                  "container": "string",
                                  "packets": "int64",
                                  "concealed_seconds": "float64",
                                  "status": "string",
                                  "error": "string",
                                  "sha256": "string"
                                }
                                """));
        assertThat(data.get("schema_as_datasets_writes_it")).singleElement().isEqualTo(BooleanNode.TRUE);
        JsonNode row = data.get("rows").get(0);
        assertThat(row.get("sampling_rate").asInt()).isEqualTo(16_000);
        assertThat(row.get("channels").asInt()).isEqualTo(1);
        assertThat(row.get("samples").asLong()).isEqualTo(24_000);
        assertThat(row.get("seconds").asDouble()).isEqualTo(1.5);
        assertThat(row.get("container").asText()).isEqualTo("Ogg");
        assertThat(row.get("packets").asLong()).isEqualTo(75);
        assertThat(row.get("concealed_seconds").asDouble()).isEqualTo(0.06);
        assertThat(row.get("status").asText()).isEqualTo("ok");
        assertThat(row.get("error").isNull()).isTrue();
    }

    /** {@code datasets} refuses data without any row, so the empty shard has company. */
    @Test
    void shardsOfNothingAndOfManyRowGroupsAreOneDataSet() throws Exception {
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
        List<Clip> clips = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            clips.add(clip(format, i));
        }
        clips.add(clip(format, 10_485_760)); // 40 MiB
        writeShard("shard-0.parquet", List.of());
        writeShard("shard-1.parquet", clips.subList(0, 220));
        writeShard("shard-2.parquet", clips.subList(220, 251));

        JsonNode data = datasets.read();

        assertThat(data.get("rows")).hasSize(251).allSatisfy(row -> assertThat(
                        row.get("decoded_exactly").asBoolean())
                .isTrue());
        assertThat(data.get("rows"))
                .extracting(row -> row.get("path").asText())
                .isEqualTo(clips.stream().map(Clip::path).toList());
        assertThat(data.get("streamed"))
                .extracting(JsonNode::asText)
                .isEqualTo(clips.stream().map(Clip::path).toList());
    }

    /** A WAV file to be: random samples, whose number names it. */
    private record Clip(String path, PcmFormat format, long samples, byte[] pcm) {}

    private static Clip clip(PcmFormat format, int samples) {
        byte[] pcm = new byte[samples * format.bytesPerSample()];
        Random random = new Random(samples);
        if (format.sampleFormat() == SampleFormat.F32LE) {
            ByteBuffer floats = ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN);
            while (floats.hasRemaining()) {
                floats.putFloat(3 * random.nextFloat() - 1.5f); // f32 may exceed ±1
            }
        } else {
            random.nextBytes(pcm);
        }
        String path = "Gespräch-%d-%d-%d.%s"
                .formatted(
                        format.rate(),
                        format.channels(),
                        samples,
                        format.sampleFormat().label());
        return new Clip(path, format, samples, pcm);
    }

    private void writeShard(String name, List<Clip> clips) throws Exception {
        try (OutputStream out = Files.newOutputStream(folder.resolve(name));
                ShardWriter shard = new ShardWriter(out)) {
            for (Clip clip : clips) {
                byte[] wav = wav(clip);
                ShardRow row = new ShardRow(
                        clip.path(),
                        clip.path() + ".wav",
                        wav.length,
                        clip.format(),
                        clip.samples(),
                        "Ogg",
                        75,
                        0.06,
                        Status.OK,
                        null,
                        sha256(clip.pcm()));
                shard.add(row, new ByteArrayInputStream(wav));
                datasets.writePcm(clip.path(), clip.format().sampleFormat(), clip.pcm());
            }
        }
    }

    private static byte[] wav(Clip clip) {
        byte[] header = WavHeader.of(clip.format(), clip.samples());
        return ByteBuffer.allocate(header.length + clip.pcm().length + WavHeader.padding(clip.pcm().length))
                .put(header)
                .put(clip.pcm())
                .array();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
