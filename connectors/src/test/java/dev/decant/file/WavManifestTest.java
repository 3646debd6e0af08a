package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavManifestTest {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
    private static final WavManifest.Entry ALICE = new WavManifest.Entry("alice.wav", "alice", FORMAT, 480_000, 0);
    private static final WavManifest.Entry HOSTILE = new WavManifest.Entry(
            "a%22%0A/000000060000.wav", "a\"\n", new PcmFormat(SampleFormat.F32LE, 48_000, 2), 7, 2_880_000);

    @TempDir
    java.nio.file.Path folder;

    @Test
    void isALineAFile() {
        assertThat(new String(WavManifest.lines(List.of(ALICE)), StandardCharsets.UTF_8))
                .isEqualTo("{\"file\":\"alice.wav\",\"stream\":\"alice\",\"format\":\"s16le\",\"rate\":16000,"
                        + "\"channels\":1,\"samples\":480000,\"start\":0}\n");
    }

    @Test
    void readsAllPartsAndEachFileOnce() throws Exception {
        write(WavManifest.lines(List.of(HOSTILE, ALICE)));
        write(WavManifest.lines(List.of(ALICE)));

        assertThat(WavManifest.read(new Path(folder.toUri()))).containsExactly(HOSTILE, ALICE);
        assertThat(ALICE.seconds()).isEqualTo(30);
    }

    @Test
    void isEmptyWhereNothingWasWritten() throws Exception {
        assertThat(WavManifest.read(new Path(folder.toUri()))).isEmpty();
    }

    @Test
    void namesTheLineThatCannotBeRead() throws Exception {
        write("{\"file\":\"alice.wav\"}\n".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> WavManifest.read(new Path(folder.toUri())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Line 1 of")
                .hasMessageContaining("is no manifest line");
    }

    private void write(byte[] lines) throws IOException {
        java.nio.file.Path file = java.nio.file.Path.of(
                WavManifest.path(new Path(folder.toUri()), lines).toUri());
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }
}
