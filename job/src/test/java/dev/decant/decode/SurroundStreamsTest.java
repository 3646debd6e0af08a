package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.ChannelOrder;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.SampleFormat;
import dev.decant.decode.DecodeHarness.Backend;
import dev.decant.decode.DecodeMetrics.Exactness;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.ReferenceMix;
import dev.decant.opus.TestSurround;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams of more channels than two through the decoding operator, with the failures that decoders come back from. */
class SurroundStreamsTest {
    private static final List<TestSurround> STREAMS = TestSurround.ofEveryKind();
    private static final TestSurround SURROUND = STREAMS.get(1);

    static List<TestSurround> streams() {
        return STREAMS;
    }

    @ParameterizedTest
    @MethodSource("streams")
    void comeOutAsTheCApiGivesThem(TestSurround stream) throws Exception {
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
            List<DecodeStep> steps = steps("a", stream, null);
            PcmFrame first = harness.map(steps.get(0));

            assertThat(pcm(harness, steps.subList(1, steps.size()))).isEqualTo(reference(stream));
            assertThat(first.format().channels()).isEqualTo(stream.head().channels());
            assertThat(first.format().order())
                    .isEqualTo(stream.head().mappingFamily() == 1 ? ChannelOrder.SPEAKERS : ChannelOrder.UNPOSITIONED);
        }
    }

    @Test
    void areMixedToWhatIsWishedFor() throws Exception {
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
            List<DecodeStep> steps = steps("a", SURROUND, 1);

            byte[] mono = pcm(harness, steps);

            ReferenceMix.assertMixed(SURROUND.head(), 1, reference(SURROUND), SampleFormat.S16LE, mono);
        }
    }

    /** Two streams and room for one decoder: every step brings one back. */
    @ParameterizedTest
    @MethodSource("streams")
    void loseNothingWhenTheirDecodersAreLetGo(TestSurround stream) throws Exception {
        List<DecodeStep> one = steps("a", stream, null);
        List<DecodeStep> other = steps("b", SURROUND, null);
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        try (DecodeHarness harness =
                DecodeHarness.open(TestSettings.USUAL.maxLive(1).imageInterval(10))) {
            for (int i = 0; i < one.size(); i++) {
                pcm.writeBytes(harness.map(one.get(i)).pcm());
                harness.map(other.get(i));
            }
            assertThat(harness.restored(Exactness.EXACT)).isGreaterThan(100);
            assertThat(harness.restored(Exactness.CONVERGED)).isZero();
        }
        assertThat(pcm.toByteArray()).isEqualTo(reference(stream));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void goOnFromACheckpoint(TestSurround stream) throws Exception {
        List<DecodeStep> steps = steps("a", stream, null);
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        OperatorSubtaskState state;
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL.imageInterval(20))) {
            pcm.writeBytes(pcm(harness, steps.subList(0, 35)));
            state = harness.snapshot();
        }
        try (DecodeHarness harness =
                DecodeHarness.restore(TestSettings.USUAL.imageInterval(20), Backend.HASH_MAP, state)) {
            pcm.writeBytes(pcm(harness, steps.subList(35, steps.size())));
            assertThat(harness.restored(Exactness.EXACT)).isEqualTo(1);
        }
        assertThat(pcm.toByteArray()).isEqualTo(reference(stream));
    }

    @Test
    void countTheMemoryOfAllTheirStreams() throws Exception {
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
            harness.map(steps("a", STREAMS.get(8), null).get(0));
            long ofFiveMono = harness.metric(DecodeMetrics.NATIVE_BYTES);
            harness.map(TestSteps.step("m", Kind.RESET, null, new LinkSettings(1, 0, 0), 0, 0, OpusPacket.ABSENT));
            long ofOneMono = harness.metric(DecodeMetrics.NATIVE_BYTES) - ofFiveMono;

            assertThat(ofFiveMono).isBetween(5 * (ofOneMono - 256), 5 * ofOneMono + 1_024);
        }
    }

    private static List<DecodeStep> steps(String streamId, TestSurround stream, Integer channels) throws Exception {
        LinkSettings link = new LinkSettings(ChannelLayout.of(stream.head(), channels, 16), 0, 0);
        List<DecodeStep> steps = new ArrayList<>();
        steps.add(TestSteps.step(streamId, Kind.RESET, null, link, 0, 0, OpusPacket.ABSENT));
        for (int i = 0; i < stream.packets().size(); i++) {
            steps.add(TestSteps.step(
                    streamId,
                    Kind.PACKET,
                    stream.packets().get(i),
                    link,
                    (long) i * TestSurround.TICKS,
                    TestSurround.TICKS,
                    stream.finalRanges().get(i)));
        }
        return steps;
    }

    private static byte[] pcm(DecodeHarness harness, List<DecodeStep> steps) throws Exception {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        for (DecodeStep step : steps) {
            pcm.writeBytes(harness.map(step).pcm());
        }
        return pcm.toByteArray();
    }

    private static byte[] reference(TestSurround stream) throws Exception {
        ChannelLayout layout = ChannelLayout.of(stream.head(), null, 16);
        return ReferenceDecoder.decode(SampleFormat.S16LE, 48_000, layout, 0, stream.packets());
    }
}
