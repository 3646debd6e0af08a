package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.SampleFormat;
import dev.decant.opus.ReferenceMix;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./decant demo}: recordings through a broker and a Flink, and every sample compared with libopus' C API. */
class DemoITCase {
    private static final String RECORDINGS = System.getenv("DECANT_TEST_DATA");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theBundledSamplesComeOutAsLibopusGivesThem() throws Exception {
        int exitCode = demo("--out", folder.toString());

        assertThat(exitCode).as(err.toString()).isZero();
        for (RecordingFile sample : RecordingFile.samples()) {
            assertSameSamples(sample, ReferencePcm.of(sample), 48_000);
        }
        assertThat(out.toString()).contains("times real time");
        assertNothingIsLeft();
    }

    @Test
    void theyComeOutAtSixteenKilohertzToo() throws Exception {
        int exitCode = demo("--out", folder.toString(), "--rate", "16000");

        assertThat(exitCode).as(err.toString()).isZero();
        for (RecordingFile sample : RecordingFile.samples()) {
            assertSameSamples(sample, ReferencePcm.of(sample), 16_000);
        }
    }

    @Test
    void everyRecordingComesOutAsLibopusGivesIt() throws Exception {
        assumeTrue(RECORDINGS != null, "DECANT_TEST_DATA is not set: real recordings are not tried");
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(RECORDINGS, "recordings"))) {
            files = all.filter(file -> file.toString().matches(".*\\.(opus|ogg|oga)"))
                    .sorted()
                    .toList();
        }
        List<String> arguments = new ArrayList<>(List.of("--out", folder.toString()));
        files.forEach(file -> arguments.add(file.toString()));

        int exitCode = demo(arguments.toArray(String[]::new));

        assertThat(exitCode).as(err.toString()).isZero();
        int surround = 0;
        for (RecordingFile recording : RecordingFile.of(files)) {
            ReferencePcm reference = ReferencePcm.of(recording);
            assertSameSamples(recording, reference, 48_000);
            surround += reference.channels() > 2 ? 1 : 0;
        }
        assertThat(files).hasSizeGreaterThan(20);
        assertThat(surround).isGreaterThan(3);
    }

    @Test
    void channelsWithoutAMeaningAreNotMixedButThoseOfSpeakersAre() throws Exception {
        assumeTrue(RECORDINGS != null, "DECANT_TEST_DATA is not set: real recordings are not tried");
        List<Path> files = List.of(
                Path.of(RECORDINGS, "recordings", "androidx_bbb_6ch_8kHz_opus.ogg"),
                Path.of(RECORDINGS, "recordings", "deppisch_06ch.opus"));

        int exitCode = demo(
                "--out",
                folder.toString(),
                "--channels",
                "2",
                files.get(0).toString(),
                files.get(1).toString());

        assertThat(exitCode).isEqualTo(UsageException.SOME_FAILED);
        List<RecordingFile> recordings = RecordingFile.of(files);
        assertThat(out.toString())
                .contains(recordings.get(1).streamId() + ": ")
                .contains(
                        "the header says 6 channels in 6 streams, mapping family 255: those channels have no meaning");
        ReferencePcm surround = ReferencePcm.of(recordings.get(0));
        Path wav = folder.resolve(recordings.get(0).streamId() + ".wav");
        try (AudioInputStream audio = AudioSystem.getAudioInputStream(wav.toFile())) {
            ReferenceMix.assertMixed(
                    surround.head(),
                    2,
                    surround.decode(SampleFormat.S16LE, 48_000),
                    SampleFormat.S16LE,
                    audio.readAllBytes());
        }
    }

    @Test
    void aFileThatIsNotOpusIsNamedAndTheRestIsDecoded() throws Exception {
        Path notOpus = Files.writeString(folder.resolve("song.opus"), "RIFF, not Opus");
        Path sample = folder.resolve("welcome.opus");
        try (var bytes = RecordingFile.samples().get(0).bytes().open(0)) {
            Files.copy(bytes, sample);
        }

        int exitCode = demo("--out", folder.resolve("out").toString(), notOpus.toString(), sample.toString());

        assertThat(exitCode).isEqualTo(UsageException.SOME_FAILED);
        assertThat(out.toString()).contains(notOpus + ": not an Opus recording");
        assertThat(folder.resolve("out/welcome.wav")).exists();
    }

    private int demo(String... arguments) {
        List<String> all = new ArrayList<>(List.of("demo"));
        all.addAll(List.of(arguments));
        return Decant.run(all.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
    }

    private void assertSameSamples(RecordingFile recording, ReferencePcm reference, int rate) throws Exception {
        Path wav = folder.resolve(recording.streamId() + ".wav");
        try (AudioInputStream audio = AudioSystem.getAudioInputStream(wav.toFile())) {
            assertThat(audio.getFormat().getSampleRate()).isEqualTo(rate);
            assertThat(audio.getFormat().getChannels()).isEqualTo(reference.channels());
            assertThat(audio.readAllBytes()).as(recording.path()).isEqualTo(reference.decodeInWaveOrder(rate));
        }
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".wav")))
                    .containsExactly("_manifest");
        }
    }
}
