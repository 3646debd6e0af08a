package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.decode.DecodeHarness.Backend;
import dev.decant.decode.DecodeMetrics.Exactness;
import dev.decant.opus.DecoderDamage;
import dev.decant.opus.OtherLibopus;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Where a decoder cannot come back as it was, it comes back near to that, and it is said. */
class InexactRecoveryTest {
    private static final int CUT = 270;

    private static final List<TestStream> STREAMS = List.of(
            TestStream.of(Mode.SILK, Bandwidth.WIDE, 1, 960, 24_000, 10, 1),
            TestStream.of(Mode.HYBRID, Bandwidth.FULL, 2, 960, 48_000, 10, 2),
            TestStream.of(Mode.CELT, Bandwidth.FULL, 2, 960, 96_000, 10, 3));

    @Test
    @EnabledOnOs(OS.LINUX)
    void anotherLibraryConverges() throws Exception {
        assertConverges("embedded", OtherLibopus.file().toString());
        assertConverges(OtherLibopus.file().toString(), "embedded");
    }

    /** The images of libopus are nothing to the pure Java engine, which makes none itself. */
    @Test
    void thePureJavaEngineConverges() throws Exception {
        assertConverges("embedded", "java");
        assertConverges("java", "java");
    }

    /** An address where none belongs: no image can be made, and the log goes on, to its end. */
    @Test
    void aLogThatNoImageFollowsIsKeptForLongAndThenCut() throws Exception {
        TestSteps stream = TestSteps.of("a", TestStream.of(Mode.SILK, Bandwidth.WIDE, 1, 480, 24_000, 30, 4));
        List<byte[]> expected = stream.pcm(TestSettings.USUAL);
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
            assertThat(pcm(harness, stream, 0, 202)).isEqualTo(join(expected.subList(0, 202)));
            DecoderDamage.plantAddress(harness.decoders().get("a").decoder());
            assertThat(pcm(harness, stream, 202, 790)).isEqualTo(join(expected.subList(202, 790)));
            assertThat(harness.metric(DecodeMetrics.IMAGES_TAKEN)).isEqualTo(2);
            assertThat(harness.metric(DecodeMetrics.IMAGES_REFUSED)).isEqualTo(5);

            harness.decoders().release("a");
            assertThat(pcm(harness, stream, 790, 800)).isEqualTo(join(expected.subList(790, 800)));
            assertThat(harness.restored(Exactness.EXACT)).isEqualTo(1);
            assertThat(harness.metric(DecodeMetrics.IMAGES_TAKEN)).isEqualTo(3);

            DecoderDamage.plantAddress(harness.decoders().get("a").decoder());
            // One interval more, since only a refused image has the log cut, and the interval is the clock's choice.
            pcm(harness, stream, 800, 800 + DecoderRecovery.LONGEST_LOG + TestSettings.USUAL.imageInterval());
            assertThat(harness.metric(DecodeMetrics.LOGS_CUT)).isEqualTo(1);
            harness.decoders().release("a");
            pcm(harness, stream, 2_000, 2_001);
            assertThat(harness.restored(Exactness.CONVERGED)).isEqualTo(1);
        }
    }

    @Test
    void aStreamOfWhichNothingIsKnownBeginsInTheMiddle() throws Exception {
        TestSteps stream = TestSteps.of("a", STREAMS.get(0));
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
            assertThat(harness.map(stream.steps().get(50)).sampleCount()).isEqualTo(960);
            assertThat(harness.restored(Exactness.CONVERGED)).isEqualTo(1);

            // There is an image of it at once, so that from here on it comes back as it is.
            assertThat(harness.metric(DecodeMetrics.IMAGES_TAKEN)).isEqualTo(1);
            harness.decoders().release("a");
            harness.map(stream.steps().get(51));
            assertThat(harness.restored(Exactness.EXACT)).isEqualTo(1);
        }
    }

    @Test
    void withoutRecoveryNothingIsKeptAndDecodersComeBackAsNewOnes() throws Exception {
        TestSteps stream = TestSteps.of("a", STREAMS.get(0));
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL.recovery(false))) {
            pcm(harness, stream, 0, CUT);
            assertThat(harness.stateEntries()).isZero();
            assertThat(harness.metric(DecodeMetrics.IMAGES_TAKEN)).isZero();
            harness.decoders().release("a");

            byte[] pcm = harness.map(stream.steps().get(CUT)).pcm();

            byte[] fresh = ReferenceDecoder.decode(
                    TestSettings.USUAL.format(1),
                    0,
                    List.of(stream.steps().get(CUT).payload()));
            assertThat(pcm).isEqualTo(fresh);
            assertThat(harness.restored(Exactness.CONVERGED)).isEqualTo(1);
        }
    }

    private static void assertConverges(String before, String after) throws Exception {
        for (TestStream packets : STREAMS) {
            TestSteps stream = TestSteps.of("a", packets);
            OperatorSubtaskState state;
            byte[] undisturbed;
            try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL.library(after))) {
                undisturbed = pcm(harness, stream, 0, stream.size());
            }
            try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL.library(before))) {
                pcm(harness, stream, 0, CUT);
                state = harness.snapshot();
            }
            try (DecodeHarness harness =
                    DecodeHarness.restore(TestSettings.USUAL.library(after), Backend.HASH_MAP, state)) {
                byte[] pcm = pcm(harness, stream, CUT, stream.size());

                assertThat(harness.restored(Exactness.CONVERGED)).isEqualTo(1);
                assertThat(harness.restored(Exactness.EXACT)).isZero();
                assertThat(harness.metric(DecodeMetrics.STEPS_REPLAYED)).isBetween(50L, 150L);
                int second = 48_000 * 2 * packets.channels();
                byte[] expected = last(undisturbed, pcm.length - second);
                assertThat(Pcm.signalToNoise(expected, last(pcm, pcm.length - second)))
                        .as("%s, %s after %s", packets, after, before)
                        .isGreaterThan(40);
            }
        }
    }

    private static byte[] pcm(DecodeHarness harness, TestSteps stream, int from, int to) throws Exception {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        for (DecodeStep step : stream.steps().subList(from, to)) {
            pcm.writeBytes(harness.map(step).pcm());
        }
        return pcm.toByteArray();
    }

    private static byte[] join(List<byte[]> pcm) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pcm.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] last(byte[] pcm, int bytes) {
        return Arrays.copyOfRange(pcm, pcm.length - bytes, pcm.length);
    }
}
