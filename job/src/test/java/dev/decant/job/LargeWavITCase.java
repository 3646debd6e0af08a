package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.OpusHead;
import dev.decant.container.OggWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording whose samples take more than 4 GiB: an RF64 file, which ffmpeg reads. */
class LargeWavITCase {
    private static final long FOUR_GIBIBYTES = 4L << 30;
    /** The body, and the file that is made of it. */
    private static final long NEEDED_BYTES = 10L << 30;

    private static final long HOURS_3_5 = 7 * 1_800 * 48_000L;
    private static final byte[] CELT_20_MS = {(byte) 0xFC, (byte) 0xFF, (byte) 0xFE};

    @TempDir
    private Path folder;

    @Test
    void aFileOfMoreThanFourGibibytesIsReadBackByFfmpeg() throws Exception {
        assumeTrue(hasFfmpeg(), "ffmpeg is not installed: nobody reads the RF64 file");
        assumeTrue(
                Files.getFileStore(folder).getUsableSpace() > NEEDED_BYTES,
                "less than 10 GiB are free in " + folder + ": no RF64 file of more than 4 GiB is written");
        Path in = Files.createDirectory(folder.resolve("in"));
        Files.write(in.resolve("hole.opus"), recordingWithAHole());

        Path out = folder.resolve("out");
        DecantCall call = DecantCall.of(
                "transcode",
                in.toString(),
                out.toString(),
                "--sample-format",
                "f32",
                "-D",
                "recordings.max-holes=24 h");

        assertThat(call.exitCode()).as(call.out() + call.err()).isEqualTo(UsageException.SOME_FAILED);
        JsonNode line = new TranscodedFolder(out).report().get("hole.opus");
        assertThat(line.path("status").asText()).isEqualTo("damaged");
        assertThat(line.path("samples").asLong()).isEqualTo(HOURS_3_5 - 312);
        Path wav = out.resolve("hole.wav");
        assertThat(Files.size(wav)).isGreaterThan(FOUR_GIBIBYTES);
        try (InputStream file = Files.newInputStream(wav)) {
            assertThat(new String(file.readNBytes(4), StandardCharsets.US_ASCII))
                    .isEqualTo("RF64");
        }
        Process ffmpeg = new ProcessBuilder("ffmpeg", "-v", "error", "-i", wav.toString(), "-f", "f32le", "-")
                .redirectError(folder.resolve("ffmpeg.log").toFile())
                .start();
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        long bytes;
        try (InputStream samples = new DigestInputStream(ffmpeg.getInputStream(), sha256)) {
            bytes = samples.transferTo(OutputStream.nullOutputStream());
        }
        assertThat(ffmpeg.waitFor())
                .as(Files.readString(folder.resolve("ffmpeg.log")))
                .isZero();
        assertThat(bytes).isEqualTo(8 * (HOURS_3_5 - 312));
        assertThat(HexFormat.of().formatHex(sha256.digest()))
                .isEqualTo(line.path("sha256").asText());
    }

    /** Two packets, and between them three and a half hours of which nothing is there. */
    private static byte[] recordingWithAHole() {
        return new OggWriter(1)
                .headers(OpusHead.of(2, 312, 0)).page(960, false, CELT_20_MS).stream(1, 5_000)
                        .page(HOURS_3_5, true, CELT_20_MS)
                        .toBytes();
    }

    private static boolean hasFfmpeg() throws InterruptedException {
        try {
            return new ProcessBuilder("ffmpeg", "-version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
