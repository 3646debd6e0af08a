package dev.decant.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.SampleFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * {@code datasets} of Hugging Face, which reads the shards of a folder, in a Python of its own. Its versions from 4 on
 * decode audio by torch, which is too much for a test: 3.6 is asked for.
 */
public final class DatasetsReader {
    private static final String PYTHON = System.getenv("DECANT_PYTHON");

    private final Path folder;

    /**
     * @param folder of the shards, and for {@link #writePcm}
     */
    public DatasetsReader(Path folder) {
        this.folder = folder;
    }

    /** Skips the test where there is no Python that has what is needed, and says so. */
    public void requirePython() throws IOException, InterruptedException {
        assumeTrue(PYTHON != null, "DECANT_PYTHON is not set: no datasets of Hugging Face to read shards");
        assumeTrue(
                python("-c", "import datasets, librosa, soundfile; datasets.Audio(mono=False)") == 0,
                "datasets 3.6, librosa and soundfile are not installed for " + PYTHON
                        + " (DECANT_PYTHON): shards are not read by them");
    }

    /** Writes what the audio of the row with this path is to be compared with. */
    public void writePcm(String path, SampleFormat sampleFormat, byte[] pcm) throws IOException {
        Path file = folder.resolve(path + "." + sampleFormat.label() + ".pcm");
        Files.createDirectories(file.getParent());
        Files.write(file, pcm);
    }

    /** What {@code read_shards.py} says of the shards. */
    public JsonNode read() throws IOException, InterruptedException {
        Path script = folder.resolve("read_shards.py");
        try (InputStream source = DatasetsReader.class.getResourceAsStream("/read_shards.py")) {
            Files.write(script, source.readAllBytes());
        }
        Path output = folder.resolve("output.json");
        int exitCode = python(script.toString(), folder.toString(), output.toString());
        assertThat(exitCode).as(Files.readString(log())).isZero();
        return new ObjectMapper().readTree(output.toFile());
    }

    private int python(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        ProcessBuilder python =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
        python.environment().put("HF_HOME", folder.resolve("huggingface").toString());
        python.environment().put("HF_HUB_OFFLINE", "1");
        return python.start().waitFor();
    }

    private Path log() {
        return folder.resolve("python.log");
    }
}
