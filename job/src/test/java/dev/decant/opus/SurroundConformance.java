package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.PacketContents;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.DecodeScript.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams of more channels than two, over every engine: byte for byte what libopus' C API for several streams gives, and,
 * where they are mixed, what {@link ReferenceMix} makes of that. Pure Java has other samples, but must give as many, and the
 * same final ranges.
 */
abstract class SurroundConformance {
    private static final List<TestSurround> STREAMS = TestSurround.ofEveryKind();

    private final boolean exact;
    private final OpusEngine engine;
    private final DecoderWorkspace workspace;

    SurroundConformance(OpusEngine engine, boolean exact) {
        this.engine = engine;
        this.exact = exact;
        workspace = engine.newWorkspace(9, 9);
    }

    @AfterEach
    void everythingIsFreed() {
        workspace.close();
        assertThat(engine.liveNativeBytes()).isZero();
        closeEngine();
    }

    /** Unless it serves another test. */
    void closeEngine() {
        engine.close();
    }

    static List<TestSurround> streams() {
        return STREAMS;
    }

    static Stream<Arguments> streamsAndFormats() {
        return STREAMS.stream().flatMap(stream -> Stream.of(SampleFormat.values())
                .flatMap(format ->
                        IntStream.of(8_000, 24_000, 48_000).mapToObj(rate -> Arguments.of(stream, format, rate))));
    }

    static Stream<Arguments> mixes() {
        return STREAMS.stream()
                .filter(stream -> stream.head().mappingFamily() != 255)
                .flatMap(stream -> Stream.of(SampleFormat.values())
                        .flatMap(format -> Stream.of(1, 2).map(channels -> Arguments.of(stream, format, channels))));
    }

    @ParameterizedTest
    @MethodSource("streamsAndFormats")
    void decodesRecoversConcealsAndResets(TestSurround stream, SampleFormat sampleFormat, int rate) {
        assumeTrue(exact || sampleFormat == SampleFormat.S16LE, "pure Java gives s16le only");
        ChannelLayout layout = TestLayouts.of(stream.head());
        DecodeScript script = DecodeScript.withLosses(stream.packets(), TestSurround.TICKS);
        List<Outcome> actual = play(script, layout, sampleFormat, rate, -300);
        List<Outcome> expected = reference(script, layout, sampleFormat, rate, -300);
        DecodeScript.assertSame(actual, expected, exact);
    }

    @Test
    void someOfTheStreamsCarryThePacketBefore() {
        TestSurround stream = STREAMS.get(8);
        assertThat(stream.packets().stream()
                        .filter(packet ->
                                PacketContents.hasLbrr(packet, stream.head().streamCount()))
                        .count())
                .isGreaterThan(stream.packets().size() / 2);
    }

    @ParameterizedTest
    @MethodSource("mixes")
    void mixesToOneAndTwoChannels(TestSurround stream, SampleFormat sampleFormat, int channels) {
        assumeTrue(exact, "pure Java has other samples");
        assertMixed(stream, sampleFormat, channels, 0);
    }

    /** 20 dB more than is good for it. */
    @Test
    void clampsWhatIsTooLoud() {
        assumeTrue(exact, "pure Java has other samples");
        assertMixed(STREAMS.get(1), SampleFormat.S16LE, 2, 20 * 256);
        assertMixed(STREAMS.get(1), SampleFormat.S24LE, 2, 20 * 256);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void givesTheEncodersFinalRanges(TestSurround stream) {
        ChannelLayout layout = TestLayouts.of(stream.head());
        try (OpusDecoder decoder = engine.newDecoder(settings(layout, SampleFormat.S16LE, 48_000, 0), workspace)) {
            for (int i = 0; i < stream.packets().size(); i++) {
                assertThat(decoder.decode(stream.packets().get(i))).isEqualTo(TestSurround.TICKS);
                assertThat(decoder.finalRange()).isEqualTo(stream.finalRanges().get(i));
            }
        }
    }

    @Test
    void channelsThatAreSilentOrRepeatedAreWhatTheMappingSays() {
        ChannelLayout layout = new ChannelLayout(255, 1, 1, new byte[] {1, -1, 0, 1}, new byte[0], 4, 4);
        DecodeScript script = DecodeScript.of(TestStream.changing().packets());
        byte[] pcm = DecodeScript.pcm(play(script, layout, SampleFormat.S16LE, 48_000, 0));
        assertThat(pcm).hasSize(TestStream.changing().packets().size() * 960 * 4 * 2);
        for (int i = 0; i < pcm.length; i += 8) {
            assertThat(pcm[i + 2] | pcm[i + 3]).isZero();
            assertThat(pcm[i + 6]).isEqualTo(pcm[i]);
            assertThat(pcm[i + 7]).isEqualTo(pcm[i + 1]);
        }
        if (exact) {
            assertThat(pcm).isEqualTo(DecodeScript.pcm(reference(script, layout, SampleFormat.S16LE, 48_000, 0)));
        }
    }

    private void assertMixed(TestSurround stream, SampleFormat sampleFormat, int channels, int gain) {
        ChannelLayout layout = TestLayouts.of(stream.head(), channels);
        DecodeScript script = DecodeScript.withLosses(stream.packets(), TestSurround.TICKS);
        SampleFormat decoded = sampleFormat == SampleFormat.S16LE ? SampleFormat.S16LE : SampleFormat.F32LE;
        ReferenceMix.assertMixed(
                stream.head(),
                channels,
                DecodeScript.pcm(reference(script, layout, decoded, 16_000, gain)),
                sampleFormat,
                DecodeScript.pcm(play(script, layout, sampleFormat, 16_000, gain)));
    }

    private List<Outcome> play(DecodeScript script, ChannelLayout layout, SampleFormat format, int rate, int gain) {
        try (OpusDecoder decoder = engine.newDecoder(settings(layout, format, rate, gain), workspace)) {
            return script.play(decoder);
        }
    }

    private List<Outcome> reference(
            DecodeScript script, ChannelLayout layout, SampleFormat format, int rate, int gain) {
        Path file = exact ? Path.of(engine.description().file()) : PlainLibOpus.embeddedFile();
        try (ReferenceDecoder reference = new ReferenceDecoder(file, format, rate, layout, gain)) {
            return script.play(reference);
        }
    }

    private static DecoderSettings settings(ChannelLayout layout, SampleFormat sampleFormat, int rate, int gain) {
        PcmFormat format = new PcmFormat(sampleFormat, rate, layout.channels(), layout.order());
        return new DecoderSettings(format, layout, gain, 0, true, DecoderVerification.CHECKSUM);
    }
}
