package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.DecodeScript.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Decoders of several streams go on from their images, here and in another process, in which the library lies elsewhere: what
 * comes out is what libopus' C API gives in one undisturbed run.
 */
class SurroundImageTest {
    private static final List<TestSurround> STREAMS = TestSurround.ofEveryKind();
    private static final int[] RATES = {8_000, 12_000, 16_000, 24_000, 48_000};

    static List<Path> libraries() {
        return List.of(PlainLibOpus.embeddedFile(), OtherLibopus.file());
    }

    /**
     * @param cut how many steps are played before the image is taken
     */
    private record Trial(TestSurround stream, DecoderSettings settings, DecodeScript script, int cut) {
        static Trial random(SplittableRandom random) {
            TestSurround stream = STREAMS.get(random.nextInt(STREAMS.size()));
            SampleFormat format = SampleFormat.values()[random.nextInt(3)];
            int rate = RATES[random.nextInt(RATES.length)];
            ChannelLayout layout = TestLayouts.of(stream.head());
            DecodeScript script = DecodeScript.withLosses(stream.packets(), TestSurround.TICKS);
            DecoderSettings settings =
                    settingsOf(layout, format, rate, random.nextInt(-500, 500), random.nextBoolean());
            return new Trial(
                    stream, settings, script, random.nextInt(script.steps().size()));
        }

        DecodeScript before() {
            return new DecodeScript(script.steps().subList(0, cut));
        }

        DecodeScript after() {
            return new DecodeScript(script.steps().subList(cut, script.steps().size()));
        }

        List<Outcome> expectedAfter(Path library) {
            PcmFormat format = settings.format();
            try (ReferenceDecoder reference = new ReferenceDecoder(
                    library, format.sampleFormat(), format.rate(), settings.layout(), settings.gain())) {
                if (!settings.phaseInversion()) {
                    reference.disablePhaseInversion();
                }
                return script.play(reference).subList(cut, script.steps().size());
            }
        }

        @Override
        public String toString() {
            return stream + " to " + settings.format() + ", cut at step " + cut;
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void goOnExactlyHereAndInAnotherProcess(Path library) {
        SplittableRandom random = new SplittableRandom(8_486);
        try (OpusEngine here = OpusEngine.open(library.toString(), List.of());
                OpusEngine other = OpusEngine.open(library.toString(), List.of());
                OpusEngine there = OpusEngine.openInOwnProcess(library.toString(), List.of(), Duration.ofMinutes(1));
                DecoderWorkspace workspaceHere = here.newWorkspace(9, 9);
                DecoderWorkspace workspaceOther = other.newWorkspace(9, 9);
                DecoderWorkspace workspaceThere = there.newWorkspace(9, 9)) {
            assumeTrue(here.makesImages(), "images cannot be made on this operating system");
            for (int i = 0; i < 60; i++) {
                Trial trial = Trial.random(random);
                DecoderImage image = imageAtCut(trial, here, workspaceHere);
                byte[] expected = DecodeScript.pcm(trial.expectedAfter(library));
                assertThat(afterCut(trial, image, other, workspaceOther))
                        .as("%d: %s", i, trial)
                        .isEqualTo(expected);
                assertThat(afterCut(trial, image, there, workspaceThere))
                        .as("%d: %s", i, trial)
                        .isEqualTo(expected);
                DecoderImage back = imageAtCut(trial, there, workspaceThere);
                assertThat(afterCut(trial, back, here, workspaceHere))
                        .as("%d: %s", i, trial)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void anImageIsOfOneLayoutAndOfAnyMixOfIt() {
        TestSurround stream = STREAMS.get(1);
        DecoderSettings plain = settingsOf(TestLayouts.of(stream.head()), SampleFormat.S16LE, 48_000, 0, true);
        DecoderSettings mixed = settingsOf(TestLayouts.of(stream.head(), 2), SampleFormat.S16LE, 48_000, 0, true);
        ChannelLayout swapped = TestLayouts.of(TestLayouts.head(1, 6, 4, 2, 1, 4, 0, 2, 3, 5));
        try (OpusEngine engine = TestEngines.embedded();
                DecoderWorkspace workspace = engine.newWorkspace(4, 6);
                OpusDecoder decoder = engine.newDecoder(plain, workspace)) {
            assumeTrue(engine.makesImages(), "images cannot be made on this operating system");
            decoder.decode(stream.packets().get(0));
            DecoderImage image = decoder.image().orElseThrow();

            assertThat(restores(engine, settingsOf(swapped, SampleFormat.S16LE, 48_000, 0, true), image, workspace))
                    .isFalse();
            assertThat(restores(
                            engine, settingsOf(plain.layout(), SampleFormat.F32LE, 48_000, 0, true), image, workspace))
                    .isFalse();
            assertThat(restores(
                            engine, settingsOf(plain.layout(), SampleFormat.S16LE, 48_000, 0, false), image, workspace))
                    .isFalse();
            assertThat(restores(engine, plain, image, workspace)).isTrue();
            assertThat(restores(engine, mixed, image, workspace)).isTrue();
        }
    }

    private static boolean restores(
            OpusEngine engine, DecoderSettings settings, DecoderImage image, DecoderWorkspace workspace) {
        Optional<OpusDecoder> restored = engine.restoreDecoder(settings, image, workspace);
        restored.ifPresent(OpusDecoder::close);
        return restored.isPresent();
    }

    private static DecoderImage imageAtCut(Trial trial, OpusEngine engine, DecoderWorkspace workspace) {
        try (OpusDecoder decoder = engine.newDecoder(trial.settings, workspace)) {
            trial.before().play(decoder);
            return decoder.image().orElseThrow();
        }
    }

    private static byte[] afterCut(Trial trial, DecoderImage image, OpusEngine engine, DecoderWorkspace workspace) {
        try (OpusDecoder decoder =
                engine.restoreDecoder(trial.settings, image, workspace).orElseThrow()) {
            return DecodeScript.pcm(trial.after().play(decoder));
        }
    }

    private static DecoderSettings settingsOf(
            ChannelLayout layout, SampleFormat sampleFormat, int rate, int gain, boolean phaseInversion) {
        PcmFormat format = new PcmFormat(sampleFormat, rate, layout.channels(), layout.order());
        return new DecoderSettings(format, layout, gain, 0, phaseInversion, DecoderVerification.CHECKSUM);
    }
}
