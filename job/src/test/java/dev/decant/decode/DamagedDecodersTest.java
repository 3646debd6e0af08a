package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.decode.DecodeMetrics.Exactness;
import dev.decant.opus.DecoderDamage;
import dev.decant.opus.DecoderVerification;
import dev.decant.opus.OpusDecoder;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;

/** A decoder whose memory was overwritten is noticed and brought back; the samples are those of an unharmed one. */
class DamagedDecodersTest {
    private static final TestStream SPEECH = TestStream.withForwardErrorCorrection(2);

    @Test
    void anOverrunIsNoticedByTheGuards() throws Exception {
        for (TestSteps stream : DecodersComeBackTest.everyKind(new Random(1))) {
            try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
                long damaged = runDamaged(harness, stream, (decoder, i) -> DecoderDamage.overrun(decoder));

                assertThat(damaged).isPositive();
                assertThat(harness.metric(DecodeMetrics.DECODERS_REBUILT)).isEqualTo(damaged);
                assertThat(harness.restored(Exactness.EXACT)).isEqualTo(damaged);
                assertThat(harness.restored(Exactness.CONVERGED)).isZero();
            }
        }
    }

    @Test
    void anyChangeIsNoticedByTheChecksum() throws Exception {
        Random random = new Random(2);
        TestSettings settings = TestSettings.USUAL.verification(DecoderVerification.CHECKSUM);
        for (TestSteps stream : DecodersComeBackTest.everyKind(new Random(2))) {
            try (DecodeHarness harness = DecodeHarness.open(settings)) {
                long damaged = runDamaged(
                        harness,
                        stream,
                        (decoder, i) ->
                                DecoderDamage.change(decoder, random.nextInt(DecoderDamage.stateBytes(decoder))));

                assertThat(damaged).isPositive();
                assertThat(harness.metric(DecodeMetrics.DECODERS_REBUILT)).isEqualTo(damaged);
                assertThat(harness.restored(Exactness.CONVERGED)).isZero();
            }
        }
    }

    /** The guards are whole, and there is no checksum: only the encoder's final range tells. */
    @Test
    void aChangeIsNoticedByTheFinalRange() throws Exception {
        TestSteps stream = TestSteps.of("a", SPEECH).withFinalRanges();
        List<byte[]> expected = stream.pcm(TestSettings.USUAL);
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
            TestSteps other = TestSteps.of("b", TestStream.of(Mode.SILK, Bandwidth.NARROW, 2, 960, 12_000));
            for (int i = 0; i < 60; i++) {
                harness.map(other.steps().get(i));
                if (i == 50) {
                    int swapped = DecoderDamage.swapTables(
                            harness.decoders().get("b").decoder(),
                            harness.decoders().get("a").decoder());
                    assertThat(swapped).isPositive();
                }
                assertThat(harness.map(stream.steps().get(i)).pcm()).isEqualTo(expected.get(i));
            }
            assertThat(harness.metric(DecodeMetrics.DECODERS_REBUILT)).isEqualTo(1);
            assertThat(harness.metric(DecodeMetrics.FINAL_RANGE_MISMATCHES)).isZero();
        }
    }

    @Test
    void wrongFinalRangesAreTheProducersAndChangeNoSamples() throws Exception {
        assertWrongFinalRangesChangeNoSamples(TestSettings.USUAL, 1);
    }

    /** There is nothing to bring a decoder back from, so that the one there is stays. */
    @Test
    void wrongFinalRangesChangeNoSamplesWhereNothingIsKept() throws Exception {
        assertWrongFinalRangesChangeNoSamples(TestSettings.USUAL.recovery(false), 0);
    }

    private static void assertWrongFinalRangesChangeNoSamples(TestSettings settings, int restored) throws Exception {
        TestSteps stream = TestSteps.of("a", SPEECH).withFinalRanges();
        List<byte[]> expected = stream.pcm(settings);
        try (DecodeHarness harness = DecodeHarness.open(settings)) {
            for (int i = 0; i < stream.size(); i++) {
                DecodeStep step = stream.steps().get(i);
                boolean wrong = i >= 20 && i < 40;
                PcmFrame frame = harness.map(
                        wrong ? TestSteps.withFinalRange(step, step.packet().finalRange() ^ 1) : step);
                assertThat(frame.outcome()).isEqualTo(i == 0 ? Outcome.RESET : Outcome.DECODED);
                assertThat(frame.pcm()).isEqualTo(expected.get(i));
            }
            assertThat(harness.metric(DecodeMetrics.FINAL_RANGE_MISMATCHES)).isEqualTo(20);
            assertThat(harness.metric(DecodeMetrics.DECODERS_REBUILT)).isZero();
            assertThat(harness.restored(Exactness.EXACT)).isEqualTo(restored);
        }
    }

    /** Of a packet after a loss, a gap or a beginning in the middle, the final range says nothing. */
    @Test
    void finalRangesAfterLossesAreNotCompared() throws Exception {
        TestSteps stream = TestSteps.withLosses("a", SPEECH, new Random(5));
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL)) {
            boolean afterPacket = false;
            long compared = 0;
            for (DecodeStep step : stream.steps()) {
                boolean packet = step.kind() == DecodeStep.Kind.PACKET;
                harness.map(packet && !afterPacket ? TestSteps.withFinalRange(step, 1) : step);
                compared += packet && !afterPacket ? 1 : 0;
                afterPacket = packet || step.kind() == DecodeStep.Kind.RESET;
            }
            assertThat(compared).isGreaterThan(5);
            assertThat(harness.metric(DecodeMetrics.FINAL_RANGE_MISMATCHES)).isZero();
        }
    }

    /** With the pure Java engine, which breaks on some packets of noise whatever decoder it has. */
    @Test
    void aPacketThatBreaksItsDecoderTwiceIsADeadLetterAndTheStreamGoesOn() throws Exception {
        Random random = new Random(3);
        List<byte[]> speech = SPEECH.packets();
        try (DecodeHarness harness = DecodeHarness.open(TestSettings.USUAL.library("java"))) {
            LinkSettings link = new LinkSettings(2, 0, 0);
            harness.map(TestSteps.step("a", DecodeStep.Kind.RESET, null, link, 0, 0, Long.MIN_VALUE));
            List<PcmFrame> rejected = new ArrayList<>();
            for (int i = 0; harness.metric(DecodeMetrics.DECODERS_REBUILT) < 2; i++) {
                byte[] noise = new byte[2 + random.nextInt(60)];
                random.nextBytes(noise);
                noise[0] = (byte) (speech.get(0)[0] & 0xFC);
                PcmFrame frame =
                        harness.map(TestSteps.step("a", DecodeStep.Kind.PACKET, noise, link, 0, 960, Long.MIN_VALUE));
                if (frame.outcome() == Outcome.REJECTED) {
                    rejected.add(frame);
                }
                assertThat(i).as("packets of noise").isLessThan(100_000);
            }
            assertThat(rejected).isNotEmpty().allSatisfy(frame -> {
                assertThat(frame.sampleCount()).isEqualTo(960);
                assertThat(frame.pcm()).hasSize(960 * 4);
                assertThat(frame.deadLetter().reason()).isEqualTo(DeadLetter.Reason.REJECTED_BY_DECODER);
            });
            PcmFrame next = harness.map(
                    TestSteps.step("a", DecodeStep.Kind.PACKET, speech.get(0), link, 0, 960, Long.MIN_VALUE));
            assertThat(next.outcome()).isEqualTo(Outcome.DECODED);
        }
    }

    /** Damages the decoder before every fortieth step, or so, and returns how often. */
    private static long runDamaged(DecodeHarness harness, TestSteps stream, ObjIntConsumer<OpusDecoder> damage)
            throws Exception {
        List<byte[]> expected = stream.pcm(TestSettings.USUAL);
        ByteArrayOutputStream differences = new ByteArrayOutputStream();
        long damaged = 0;
        for (int i = 0; i < stream.size(); i++) {
            DecodeStep step = stream.steps().get(i);
            boolean runs = step.kind() != DecodeStep.Kind.RESET && step.kind() != DecodeStep.Kind.FILL;
            if (i % 40 == 13 && runs) {
                damage.accept(harness.decoders().get(stream.streamId()).decoder(), i);
                damaged++;
            }
            if (!Arrays.equals(harness.map(step).pcm(), expected.get(i))) {
                differences.write(i);
            }
        }
        assertThat(differences.size()).as(stream.streamId()).isZero();
        return damaged;
    }
}
