package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.opus.DecodeScript.Outcome;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A decoder is saved and goes on; {@link DecoderImageTrialsTest} has it go on in another process. */
class DecoderImageTest {
    private final OpusEngine engine = TestEngines.embedded();
    private final DecoderWorkspace workspace = engine.newWorkspace(2);

    @AfterEach
    void everythingIsFreed() {
        workspace.close();
        engine.close();
        assertThat(engine.liveNativeBytes()).isZero();
    }

    static List<TestStream> streams() {
        return TestStream.ofEveryKind();
    }

    @Test
    void theEmbeddedLibraryMakesImages() {
        assertThat(engine.makesImages()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aRestoredDecoderGoesOnBitByBit(TestStream stream) {
        DecoderSettings settings = TestEngines.settings(48_000, stream.channels());
        DecodeScript script = DecodeScript.withLosses(stream);
        List<Outcome> expected;
        try (ReferenceDecoder reference = new ReferenceDecoder(settings.format(), 0)) {
            expected = script.play(reference);
        }
        int steps = script.steps().size();
        for (int cut : List.of(0, 1, steps / 2, steps - 1)) {
            DecoderImage image;
            try (OpusDecoder decoder = engine.newDecoder(settings, workspace)) {
                new DecodeScript(script.steps().subList(0, cut)).play(decoder);
                image = decoder.image().orElseThrow();
            }
            try (OpusDecoder restored =
                    engine.restoreDecoder(settings, image, workspace).orElseThrow()) {
                List<Outcome> rest = new DecodeScript(script.steps().subList(cut, steps)).play(restored);
                assertThat(DecodeScript.pcm(rest)).isEqualTo(DecodeScript.pcm(expected.subList(cut, steps)));
            }
        }
    }
}
