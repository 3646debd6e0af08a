package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The suite over the pure Java engine, and what is its own. */
class JavaEngineTest extends EngineConformance {
    JavaEngineTest() {
        super("java");
    }

    @Test
    void saysWhatItIs() {
        assertThat(engine.description().origin()).isEqualTo("java");
        assertThat(engine.description().file()).endsWith("concentus-1.0.2.jar");
        assertThat(engine.description().sha256()).hasSize(64);
        assertThat(engine.nativeBytes(ChannelLayout.plain(2))).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"SILK", "CELT"})
    void isCloseToLibopusWhereItIsRight(Mode mode) {
        TestStream stream = TestStream.of(mode, Bandwidth.WIDE, 2, 960, 40_000);
        DecodeScript script = DecodeScript.of(stream.packets());
        byte[] expected = ReferenceDecoder.decode(TestEngines.s16(48_000, 2), 0, stream.packets());
        try (OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 2), workspace)) {
            assertThat(signalToNoise(expected, DecodeScript.pcm(script.play(decoder))))
                    .isGreaterThan(30);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SampleFormat.class,
            names = {"S24LE", "F32LE"})
    void refusesOtherSampleFormats(SampleFormat sampleFormat) {
        DecoderSettings settings = DecoderSettings.of(new PcmFormat(sampleFormat, 48_000, 2));
        assertThatThrownBy(() -> engine.newDecoder(settings, workspace))
                .isInstanceOfSatisfying(
                        OpusException.class, e -> assertThat(e.error()).isEqualTo(OpusError.UNIMPLEMENTED))
                .hasMessage("The pure Java decoder gives s16le, not " + sampleFormat
                        + ": take another opus.library: UNIMPLEMENTED");
    }

    @Test
    void refusesToLeaveOutPhaseInversion() {
        DecoderSettings settings =
                new DecoderSettings(TestEngines.s16(48_000, 2), 0, 0, false, DecoderVerification.GUARDS);
        assertThatThrownBy(() -> engine.newDecoder(settings, workspace))
                .hasMessageContaining("cannot leave out phase inversion");
    }

    @Test
    void refusesCallsAfterClose() {
        OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace);
        decoder.close();
        assertThatThrownBy(() -> decoder.conceal(960)).isInstanceOf(IllegalStateException.class);
        engine.close();
        assertThatThrownBy(() -> engine.newWorkspace(1)).isInstanceOf(IllegalStateException.class);
    }

    /** In dB. */
    private static double signalToNoise(byte[] expected, byte[] actual) {
        ShortBuffer signal =
                ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        ShortBuffer other =
                ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        double energy = 0;
        double noise = 1;
        while (signal.hasRemaining()) {
            double sample = signal.get();
            double difference = sample - other.get();
            energy += sample * sample;
            noise += difference * difference;
        }
        return 10 * Math.log10(energy / noise);
    }
}
