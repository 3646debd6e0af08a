package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;
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
        assertThat(WavManifest.line(file(ALICE), ALICE.file()))
                .isEqualTo("{\"file\":\"alice.wav\",\"stream\":\"alice\",\"format\":\"s16le\",\"rate\":16000,"
                        + "\"channels\":1,\"samples\":480000,\"start\":0}");
    }

    @Test
    void readsAllPartsAndEachFileOnce() throws Exception {
        write(HOSTILE, ALICE);
        write(ALICE);

        assertThat(WavManifest.read(new Path(folder.toUri()))).containsExactly(HOSTILE, ALICE);
        assertThat(ALICE.seconds()).isEqualTo(30);
    }

    @Test
    void namesTheOrderOfChannelsWhereTheirNumberDoesNotTell() throws Exception {
        WavManifest.Entry surround = new WavManifest.Entry(
                "cinema.wav", "cinema", new PcmFormat(SampleFormat.S16LE, 48_000, 6, ChannelOrder.SPEAKERS), 960, 0);
        WavManifest.Entry ambisonics =
                new WavManifest.Entry("field.wav", "field", new PcmFormat(SampleFormat.S16LE, 48_000, 4), 960, 0);
        WavManifest.Entry pair = new WavManifest.Entry(
                "pair.wav", "pair", new PcmFormat(SampleFormat.S16LE, 48_000, 2, ChannelOrder.UNPOSITIONED), 960, 0);
        write(surround, ambisonics, pair);

        assertThat(WavManifest.line(file(surround), surround.file())).contains("\"channel_order\":\"speakers\"");
        assertThat(WavManifest.line(file(ambisonics), ambisonics.file())).doesNotContain("channel_order");
        assertThat(WavManifest.read(new Path(folder.toUri()))).containsExactly(surround, ambisonics, pair);
    }

    @Test
    void isEmptyWhereNothingWasWritten() throws Exception {
        assertThat(WavManifest.read(new Path(folder.toUri()))).isEmpty();
    }

    @Test
    void namesTheLineThatCannotBeRead() throws Exception {
        write(List.of("{\"file\":\"alice.wav\"}"));

        assertThatThrownBy(() -> WavManifest.read(new Path(folder.toUri())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Line 1 of")
                .hasMessageContaining("is no manifest line");
    }

    private void write(WavManifest.Entry... entries) throws IOException {
        write(Arrays.stream(entries)
                .map(entry -> WavManifest.line(file(entry), entry.file()))
                .toList());
    }

    private void write(List<String> lines) throws IOException {
        LocalFileSystem files = new LocalFileSystem();
        Account.MANIFEST.write(lines, new Path(folder.toUri()), files, files.createRecoverableWriter());
    }

    private static FinishedFile file(WavManifest.Entry entry) {
        return new FinishedFile(entry.streamId(), entry.format(), entry.samples(), false, entry.start(), null);
    }
}
