package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.opus.DecodeScript.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoders move between this process and others as images, and go on bit by bit. */
class ProcessImageTest {
    private static final DecoderSettings SETTINGS = TestEngines.settings(48_000, 2);
    private static final DecodeScript SCRIPT = DecodeScript.withLosses(TestStream.changing());
    private static final int CUT = SCRIPT.steps().size() / 2;

    @TempDir
    private static Path folder;

    private static String library;
    private static OpusEngine here;

    @BeforeAll
    static void open() throws IOException {
        library = PoisonedLibrary.write(folder).toString();
        here = OpusEngine.open(library, List.of(folder));
        assumeTrue(here.makesImages(), "no images can be made here");
    }

    @AfterAll
    static void close() {
        if (here != null) {
            here.close();
        }
    }

    @Test
    void theProcessMakesImages() {
        try (OpusEngine there = inOwnProcess()) {
            assertThat(there.makesImages()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDecoderMovesIntoAProcessOrOutOfIt(boolean into) {
        try (OpusEngine there = inOwnProcess()) {
            DecoderImage image = imageAtCut(into ? here : there);
            assertThat(restOf(into ? there : here, image)).isEqualTo(expectedRest());
        }
    }

    @Test
    void aDecoderGoesOnInTheNextProcessAfterACrash() {
        DecoderImage image;
        try (OpusEngine crashing = inOwnProcess();
                DecoderWorkspace workspace = crashing.newWorkspace(2);
                OpusDecoder decoder = crashing.newDecoder(SETTINGS, workspace)) {
            new DecodeScript(SCRIPT.steps().subList(0, CUT)).play(decoder);
            image = decoder.image().orElseThrow();
            assertThatThrownBy(() -> decoder.decode(PoisonedLibrary.crashingPacket()))
                    .isInstanceOf(OpusException.class);
        }
        try (OpusEngine next = inOwnProcess()) {
            assertThat(restOf(next, image)).isEqualTo(expectedRest());
        }
    }

    @Test
    void anImageOfAnotherDecoderOrADamagedOneIsRefused() {
        byte[] damaged = imageAtCut(here).toBytes().clone();
        damaged[damaged.length / 2] ^= 1;
        try (OpusEngine there = inOwnProcess();
                DecoderWorkspace workspace = there.newWorkspace(2)) {
            long before = there.liveNativeBytes();
            assertThat(there.restoreDecoder(SETTINGS, DecoderImage.ofBytes(damaged), workspace))
                    .isEmpty();
            assertThat(there.restoreDecoder(TestEngines.settings(16_000, 2), imageAtCut(here), workspace))
                    .isEmpty();
            assertThat(there.restoreDecoder(SETTINGS, DecoderImage.ofBytes(new byte[0]), workspace))
                    .isEmpty();
            assertThat(there.liveNativeBytes()).isEqualTo(before);
        }
    }

    private static OpusEngine inOwnProcess() {
        return OpusEngine.openInOwnProcess(library, List.of(folder), Duration.ofMinutes(5));
    }

    private static DecoderImage imageAtCut(OpusEngine engine) {
        try (DecoderWorkspace workspace = engine.newWorkspace(2);
                OpusDecoder decoder = engine.newDecoder(SETTINGS, workspace)) {
            new DecodeScript(SCRIPT.steps().subList(0, CUT)).play(decoder);
            return decoder.image().orElseThrow();
        }
    }

    private static byte[] restOf(OpusEngine engine, DecoderImage image) {
        try (DecoderWorkspace workspace = engine.newWorkspace(2);
                OpusDecoder decoder =
                        engine.restoreDecoder(SETTINGS, image, workspace).orElseThrow()) {
            return DecodeScript.pcm(
                    new DecodeScript(SCRIPT.steps().subList(CUT, SCRIPT.steps().size())).play(decoder));
        }
    }

    private static byte[] expectedRest() {
        try (ReferenceDecoder reference = new ReferenceDecoder(SETTINGS.format(), 0)) {
            List<Outcome> all = SCRIPT.play(reference);
            return DecodeScript.pcm(all.subList(CUT, all.size()));
        }
    }
}
