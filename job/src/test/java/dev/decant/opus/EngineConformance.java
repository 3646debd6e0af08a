package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.DecodeScript.Outcome;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One suite over every engine. libopus must give, byte for byte, what the C API of the same file gives. Pure Java is an
 * older libopus in whole numbers: it must give as many samples and the same final ranges, which only a decoder has that
 * read every symbol right.
 */
abstract class EngineConformance {
    private static final List<TestStream> STREAMS = TestStream.ofEveryKind();

    private final boolean exact;
    final OpusEngine engine;
    final DecoderWorkspace workspace;

    /**
     * @param library as {@link OpusEngine#open} takes it
     */
    EngineConformance(String library) {
        this(TestEngines.openOrSkip(library), !library.equals("java"));
    }

    EngineConformance(OpusEngine engine, boolean exact) {
        this.exact = exact;
        this.engine = engine;
        workspace = engine.newWorkspace(2);
    }

    @AfterEach
    void everythingIsFreed() {
        workspace.close();
        closeEngine();
        assertThat(engine.liveNativeBytes()).isZero();
    }

    /** Unless it serves another test. */
    void closeEngine() {
        engine.close();
    }

    static List<TestStream> streams() {
        return STREAMS;
    }

    static Stream<PcmFormat> formats() {
        return Stream.of(SampleFormat.values()).flatMap(sample -> IntStream.of(8_000, 12_000, 16_000, 24_000, 48_000)
                .boxed()
                .flatMap(rate -> Stream.of(1, 2).map(channels -> new PcmFormat(sample, rate, channels))));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void decodesEveryKindOfPacket(TestStream stream) {
        compare(DecodeScript.of(stream.packets()), TestEngines.settings(48_000, stream.channels()));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void recoversConcealsAndResets(TestStream stream) {
        compare(DecodeScript.withLosses(stream), TestEngines.settings(48_000, stream.channels()));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void decodesToEveryRateChannelCountAndSampleFormat(PcmFormat format) {
        assumeTrue(exact || format.sampleFormat() == SampleFormat.S16LE, "pure Java gives s16le only");
        compare(DecodeScript.withLosses(TestStream.changing()), DecoderSettings.of(format));
    }

    @ParameterizedTest
    @ValueSource(ints = {-32_768, -1_541, 1, 6_000, 32_767})
    void appliesGain(int gain) {
        DecodeScript script = DecodeScript.of(TestStream.changing().packets());
        List<Outcome> outcomes = compare(
                script, new DecoderSettings(TestEngines.s16(48_000, 2), gain, 0, true, DecoderVerification.GUARDS));
        List<Outcome> plain = compare(script, TestEngines.settings(48_000, 2));
        if (gain == -1_541) {
            assertThat(energy(outcomes) / energy(plain)).as("6.02 dB less").isBetween(0.24, 0.26);
        } else if (gain < 0) {
            assertThat(energy(outcomes)).as("128 dB less").isZero();
        } else {
            assertThat(energy(outcomes)).isGreaterThan(energy(plain));
        }
    }

    @Test
    void leavesOutPhaseInversionIfAsked() {
        assumeTrue(exact, "pure Java refuses it");
        // At such bitrates both sides are coded as one, with one sign.
        TestStream stream = TestStream.of(Mode.CELT, Bandwidth.FULL, 2, 960, 24_000);
        DecodeScript script = DecodeScript.of(stream.packets());
        List<Outcome> without = compare(
                script, new DecoderSettings(TestEngines.s16(48_000, 2), 0, 0, false, DecoderVerification.GUARDS));
        List<Outcome> with = compare(script, TestEngines.settings(48_000, 2));
        assertThat(DecodeScript.pcm(without)).isNotEqualTo(DecodeScript.pcm(with));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 10})
    void takesEveryComplexity(int complexity) {
        DecoderSettings settings =
                new DecoderSettings(TestEngines.s16(48_000, 1), 0, complexity, true, DecoderVerification.GUARDS);
        try (OpusDecoder decoder = engine.newDecoder(settings, workspace)) {
            assertThat(decoder.decode(STREAMS.get(0).packets().get(0))).isEqualTo(480);
        }
    }

    @Test
    void givesTheEncodersFinalRanges() {
        short[] music = TestSignals.music(48_000, 2, 48_000, 9);
        try (TestEncoder encoder = new TestEncoder(48_000, 2).bitrate(64_000);
                OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 2), workspace)) {
            for (int from = 0; from < music.length; from += 1_920) {
                decoder.decode(encoder.encodePacket(Arrays.copyOfRange(music, from, from + 1_920)));
                assertThat(decoder.finalRange()).isEqualTo(encoder.finalRange());
            }
        }
    }

    @Test
    void aRefusedPacketLeavesNoSamplesAndASoundDecoder() {
        List<byte[]> packets = STREAMS.get(2).packets();
        // Code 3 with no frames (RFC 6716, section 3.2.5).
        byte[] refused = HexFormat.of().parseHex("4b00");
        try (OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace);
                OpusDecoder undisturbed = engine.newDecoder(TestEngines.settings(48_000, 1), workspace)) {
            decoder.decode(packets.get(0));
            undisturbed.decode(packets.get(0));
            assertThatThrownBy(() -> decoder.decode(refused))
                    .isInstanceOfSatisfying(OpusException.class, e -> {
                        assertThat(e.error()).isEqualTo(OpusError.INVALID_PACKET);
                        assertThat(e.error().remedy()).isEqualTo(OpusError.Remedy.SKIP_PACKET);
                    })
                    .hasMessage("A packet of 2 bytes: INVALID_PACKET");
            assertThatThrownBy(() -> decoder.pcm(0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            byte[] after = decoder.pcm(0, decoder.decode(packets.get(1)));
            assertThat(after).isEqualTo(undisturbed.pcm(0, undisturbed.decode(packets.get(1))));
        }
    }

    @Test
    void pcmGivesAnyPartOfTheLastCall() {
        try (OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 2), workspace)) {
            int samples = decoder.decode(TestStream.changing().packets().get(0));
            byte[] all = decoder.pcm(0, samples);
            assertThat(all).hasSize(960 * 4);
            assertThat(decoder.pcm(0, 0)).isEmpty();
            assertThat(decoder.pcm(312, 960)).isEqualTo(Arrays.copyOfRange(all, 312 * 4, 960 * 4));
            assertThat(decoder.pcm(100, 200)).isEqualTo(Arrays.copyOfRange(all, 400, 800));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void decodesTheOfficialVectors(int number) {
        OfficialVector vector = OfficialVector.readOrSkip(number);
        List<Outcome> outcomes = compare(DecodeScript.of(vector.packets()), TestEngines.settings(48_000, 2));
        assertThat(outcomes.stream().map(Outcome::finalRange)).isEqualTo(vector.finalRanges());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void givesTheFinalRangesOfTheOfficialVectorsInEveryFormat(int number) {
        OfficialVector vector = OfficialVector.readOrSkip(number);
        formats().filter(format -> format.sampleFormat() == SampleFormat.S16LE).forEach(format -> {
            try (OpusDecoder decoder = engine.newDecoder(DecoderSettings.of(format), workspace)) {
                List<Long> ranges = new ArrayList<>();
                for (byte[] packet : vector.packets()) {
                    decoder.decode(packet);
                    ranges.add(decoder.finalRange());
                }
                assertThat(ranges).as(format.toString()).isEqualTo(vector.finalRanges());
            }
        });
    }

    /** Plays the script to the engine and to the reference, and compares. */
    private List<Outcome> compare(DecodeScript script, DecoderSettings settings) {
        Path file = exact ? Path.of(engine.description().file()) : PlainLibOpus.embeddedFile();
        try (OpusDecoder decoder = engine.newDecoder(settings, workspace);
                ReferenceDecoder reference = new ReferenceDecoder(file, settings.format(), settings.gain())) {
            if (!settings.phaseInversion()) {
                reference.disablePhaseInversion();
            }
            List<Outcome> actual = script.play(decoder);
            List<Outcome> expected = script.play(reference);
            DecodeScript.assertSame(actual, expected, exact);
            return actual;
        }
    }

    private static double energy(List<Outcome> outcomes) {
        double energy = 0;
        ByteBuffer pcm = ByteBuffer.wrap(DecodeScript.pcm(outcomes)).order(ByteOrder.LITTLE_ENDIAN);
        while (pcm.hasRemaining()) {
            double sample = pcm.getShort();
            energy += sample * sample;
        }
        return energy;
    }
}
