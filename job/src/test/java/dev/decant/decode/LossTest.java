package dev.decant.decode;

import static dev.decant.decode.SequencerHarness.NOON;
import static dev.decant.decode.SequencerHarness.packet;
import static dev.decant.decode.SequencerHarness.rtp;
import static dev.decant.decode.SequencerHarness.withHead;
import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.decode.DecodeStep.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made up for packets that did not come, and how the timeline stays true. */
class LossTest extends SequencerTestCase {
    /** SILK, one 20 ms frame: voice activity, no LBRR. */
    private static final byte[] SILK = {0x08, (byte) 0x80, 3, 4};

    /** SILK, one 20 ms frame with LBRR (RFC 6716, section 4.2.3). */
    private static final byte[] SILK_WITH_LBRR = {0x08, (byte) 0xC0, 3, 4};

    /** SILK, one 60 ms frame. */
    private static final byte[] SILK_60_MS = {0x18, (byte) 0x80, 3, 4};

    /** CELT, one 2.5 ms frame. */
    private static final byte[] CELT_2_5_MS = {(byte) 0xE0, 3, 4};

    /** CELT, one 20 ms frame. */
    private static final byte[] CELT = {(byte) 0xF8, 3, 4};

    @Test
    void aLossIsConcealedAndItsLastFrameRecoveredFromTheNextPacket() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, SILK, NOON), packet(3, 2_880, SILK_WITH_LBRR, NOON));

        assertThat(spans())
                .containsExactly("RESET 0+0", "PACKET 0+960", "CONCEAL 960+960", "FEC 1920+960", "PACKET 2880+960");
        assertThat(sequencer.steps().get(3).payload()).isEqualTo(SILK_WITH_LBRR);
    }

    @Test
    void aPacketWithoutLbrrRecoversNothing() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, SILK, NOON), packet(2, 1_920, SILK, NOON));

        assertThat(spans()).containsExactly("RESET 0+0", "PACKET 0+960", "CONCEAL 960+960", "PACKET 1920+960");
    }

    @Test
    void afterCeltNothingIsRecoveredSinceLibopusWouldConceal() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, CELT, NOON), packet(2, 1_920, SILK_WITH_LBRR, NOON));

        assertThat(sequencer.kinds()).containsExactly(Kind.RESET, Kind.PACKET, Kind.CONCEAL, Kind.PACKET);
    }

    @Test
    void aLossThatIsShorterThanTheFrameInTheNextPacketIsConcealed() throws Exception {
        open(0);
        byte[] sixtyWithLbrr = {0x18, (byte) 0x90, 3, 4};

        sequencer.send(packet(0, 0, SILK, NOON), packet(2, 1_920, sixtyWithLbrr, NOON));

        assertThat(sequencer.kinds()).containsExactly(Kind.RESET, Kind.PACKET, Kind.CONCEAL, Kind.PACKET);
    }

    /** Of two streams, a frame of 20 ms cannot be had from a packet of 40 ms: libopus would call the buffer too small. */
    @Test
    void fromPacketsOfSeveralStreamsAndFramesNothingIsRecovered() throws Exception {
        open(0);
        OpusHead twoStreams = new OpusHead(1, 2, 0, 48_000, 0, 255, 2, 0, new byte[] {0, 1}, new byte[0]);
        byte[] oneFrame = {0x08, 2, (byte) 0xC0, 3, 0x08, (byte) 0xC0, 3};
        byte[] twoFrames = {0x09, 2, (byte) 0xC0, 3, (byte) 0xC0, 3, 0x09, (byte) 0xC0, 3, (byte) 0xC0, 3};

        sequencer.send(
                withHead(twoStreams, packet(0, 0, oneFrame, NOON)),
                withHead(twoStreams, packet(2, 1_920, twoFrames, NOON)),
                withHead(twoStreams, packet(4, 4_800, oneFrame, NOON)));

        assertThat(sequencer.kinds())
                .containsExactly(Kind.RESET, Kind.PACKET, Kind.CONCEAL, Kind.PACKET, Kind.FEC, Kind.PACKET);
    }

    @Test
    void aDecoderOfSeveralStreamsRecoversAFrameOnlyFromAPacketThatIsOneFrame() throws Exception {
        open(0);
        byte[] oneFrameEach = {0x48, 2, (byte) 0xC0, 1, 0x48, (byte) 0xC0, 1};
        byte[] twoFramesEach = {0x49, 2, (byte) 0xC0, 1, (byte) 0xC0, 1, 0x49, (byte) 0xC0, 1, (byte) 0xC0, 1};

        sequencer.send(ofTwoStreams(0, 0, oneFrameEach), ofTwoStreams(2, 1_920, oneFrameEach));
        assertThat(sequencer.kinds()).containsExactly(Kind.RESET, Kind.PACKET, Kind.FEC, Kind.PACKET);

        sequencer.send(ofTwoStreams(4, 3_840, twoFramesEach));
        assertThat(sequencer.kinds())
                .containsExactly(Kind.RESET, Kind.PACKET, Kind.FEC, Kind.PACKET, Kind.CONCEAL, Kind.PACKET);
        assertThat(sequencer.deadLetters()).isEmpty();
    }

    @Test
    void otherPayloadsInAPauseDoNotMakeItUnlikely() throws Exception {
        open(0);

        sequencer.send(rtp(1, 0, 0, SILK, false));
        for (int number = 1; number <= 300; number++) {
            sequencer.send(rtp(1, number, number * 960L, new byte[0], false));
        }
        sequencer.send(rtp(1, 301, 301 * 960L, SILK, false), rtp(1, 302, 302 * 960L, SILK, false));

        assertThat(sequencer.steps()).extracting(DecodeStep::segment).containsOnly(0);
        assertThat(sequencer.kinds()).contains(Kind.COMFORT_NOISE).doesNotContain(Kind.CONCEAL);
        assertThat(sequencer.deadLetters()).isEmpty();
    }

    @Test
    void anOutageInWhichTheNumbersOfRtpWrapIsALossOfThatLength() throws Exception {
        open(0);

        sequencer.send(rtp(1, 0, 0, SILK, false));
        sequencer.send(rtp(1, 40_000, 40_000 * 960L, SILK, false));
        sequencer.send(rtp(1, 40_000 + 66_000, (40_000 + 66_000) * 960L, SILK, false));

        assertThat(sequencer.steps()).extracting(DecodeStep::segment).containsOnly(0);
        assertThat(sequencer.kinds()).doesNotContain(Kind.COMFORT_NOISE);
        assertThat(sequencer.metric(DecodeMetrics.LOST_PACKETS)).isEqualTo(39_999 + 65_999);
        DecodeStep last = sequencer.steps().get(sequencer.steps().size() - 1);
        assertThat(last.start()).isEqualTo(106_000 * 960L);
    }

    @Test
    void aLongPauseOfRtpIsNoOutage() throws Exception {
        open(0);

        sequencer.send(rtp(1, 0, 0, SILK, false));
        OpusPacket spoken = rtp(1, 1, 0, SILK, false);
        sequencer.send(new OpusPacket(
                "stream",
                SILK,
                1,
                50_000 * 960L,
                null,
                OpusPacket.ABSENT,
                0,
                0,
                OpusPacket.ABSENT,
                new PacketOrigin("packets", 0, 0, NOON + 50_000 * 20L),
                spoken.rtp()));

        assertThat(sequencer.metric(DecodeMetrics.LOST_PACKETS)).isZero();
        assertThat(sequencer.kinds()).contains(Kind.COMFORT_NOISE).doesNotContain(Kind.CONCEAL, Kind.FILL);
    }

    @Test
    void aLongLossIsConcealedForAWhileThenFilledThenRecovered() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, SILK, NOON), packet(11, 10_560, SILK_WITH_LBRR, NOON));

        assertThat(spans())
                .containsExactly(
                        "RESET 0+0",
                        "PACKET 0+960",
                        "CONCEAL 960+960",
                        "CONCEAL 1920+960",
                        "CONCEAL 2880+960",
                        "CONCEAL 3840+960",
                        "CONCEAL 4800+960",
                        "CONCEAL 5760+960",
                        "FILL 6720+2880",
                        "FEC 9600+960",
                        "PACKET 10560+960");
    }

    @Test
    void howMuchIsConcealedIsAnOption() throws Exception {
        sequencer = SequencerHarness.open(
                new SequencerSettings(Duration.ofHours(1), 0, Duration.ZERO, null, Duration.ZERO));

        sequencer.send(packet(0, 0, SILK, NOON), packet(3, 2_880, SILK, NOON));

        assertThat(spans()).containsExactly("RESET 0+0", "PACKET 0+960", "FILL 960+1920", "PACKET 2880+960");
    }

    @Test
    void stepsAreAsLongAsTheFramesBefore() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, CELT_2_5_MS, NOON), packet(3, 360, CELT_2_5_MS, NOON));

        assertThat(spans())
                .containsExactly("RESET 0+0", "PACKET 0+120", "CONCEAL 120+120", "CONCEAL 240+120", "PACKET 360+120");
    }

    @Test
    void silkConcealsTenMillisecondsAtLeastOfWhichTooMuchIsDropped() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, SILK, NOON), packet(2, 1_200, SILK, NOON));

        DecodeStep concealed = sequencer.steps().get(2);
        assertThat(concealed.ticks()).isEqualTo(480);
        assertThat(concealed.keepFrom()).isEqualTo(960);
        assertThat(concealed.keepTo()).isEqualTo(1_200);
        assertThat(sequencer.steps().get(3).start()).isEqualTo(1_200);
    }

    @Test
    void whereNoMediaTimeTellsALostPacketLastsAsLongAsTheOneBefore() throws Exception {
        open(0);

        sequencer.send(untimed(0, SILK), untimed(1, SILK_60_MS), untimed(4, SILK));

        assertThat(spans())
                .containsExactly(
                        "RESET 0+0",
                        "PACKET 0+960",
                        "PACKET 960+2880",
                        "CONCEAL 3840+2880",
                        "CONCEAL 6720+2880",
                        "PACKET 9600+960");
    }

    @Test
    void aPacketThatItsCarrierSaysIsLostCanBeRecoveredToo() throws Exception {
        open(0);

        sequencer.send(plain(SILK), plain(new byte[0]), plain(SILK_WITH_LBRR));

        assertThat(spans()).containsExactly("RESET 0+0", "PACKET 0+960", "FEC 960+960", "PACKET 1920+960");
        assertThat(sequencer.metric(DecodeMetrics.LOST_PACKETS)).isEqualTo(1);
    }

    @Test
    void aLossAtTheEndOfTheStreamIsConcealed() throws Exception {
        open(0);

        sequencer.send(plain(SILK), plain(new byte[0])).end();

        assertThat(spans()).containsExactly("RESET 0+0", "PACKET 0+960", "CONCEAL 960+960", "END 1920+0");
    }

    @Test
    void aLossAtTheEndOfTheInputIsConcealed() throws Exception {
        open(0);

        sequencer.send(plain(SILK), plain(new byte[0])).endInput();

        assertThat(spans()).containsExactly("RESET 0+0", "PACKET 0+960", "CONCEAL 960+960");
    }

    @Test
    void mediaTimeThatPassesWithoutALossIsComfortNoiseHoweverLong() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, SILK, NOON), packet(1, 48_000, SILK, NOON + 1_000));

        assertThat(spans())
                .containsExactly(
                        "RESET 0+0",
                        "PACKET 0+960",
                        "COMFORT_NOISE 960+5760",
                        "COMFORT_NOISE 6720+5760",
                        "COMFORT_NOISE 12480+5760",
                        "COMFORT_NOISE 18240+5760",
                        "COMFORT_NOISE 24000+5760",
                        "COMFORT_NOISE 29760+5760",
                        "COMFORT_NOISE 35520+5760",
                        "COMFORT_NOISE 41280+5760",
                        "COMFORT_NOISE 47040+960",
                        "PACKET 48000+960");
        assertThat(sequencer.metric(DecodeMetrics.LOST_PACKETS)).isZero();
    }

    @Test
    void whatIsLongerThanTheLostPacketsCanHaveBeenWasNotSent() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, SILK, NOON), packet(2, 12_480, SILK, NOON));

        assertThat(spans())
                .containsExactly(
                        "RESET 0+0",
                        "PACKET 0+960",
                        "COMFORT_NOISE 960+5760",
                        "CONCEAL 6720+960",
                        "CONCEAL 7680+960",
                        "CONCEAL 8640+960",
                        "CONCEAL 9600+960",
                        "CONCEAL 10560+960",
                        "CONCEAL 11520+960",
                        "PACKET 12480+960");
    }

    @Test
    void aGapIsFilledIfTheRecordTimesAllowIt() throws Exception {
        open(0);
        long minute = 60L * 48_000;

        sequencer.send(packet(0, 0, SILK, NOON), packet(3_000, minute, SILK, NOON + 56_000));
        assertThat(sequencer.steps()).extracting(DecodeStep::segment).containsOnly(0);
        DecodeStep fill = sequencer.steps().get(8);
        assertThat(fill.kind()).isEqualTo(Kind.FILL);
        assertThat(fill.start() + fill.ticks()).isEqualTo(minute);

        sequencer.send(packet(6_000, 2 * minute, SILK, NOON + 110_000));
        sequencer.send(packet(6_001, 2 * minute + 960, SILK, NOON + 110_020));
        assertThat(sequencer.steps().subList(10, 13))
                .extracting(DecodeStep::kind)
                .containsExactly(Kind.RESET, Kind.PACKET, Kind.PACKET);
        assertThat(sequencer.steps().get(12).segment()).isEqualTo(1);
    }

    @Test
    void aMediaTimeThatNothingMakesLikelyIsNoDayOfSilence() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, SILK, NOON), packet(1, 86_400L * 48_000, SILK, NOON + 20));
        sequencer.send(packet(2, 1_920, SILK, NOON + 40));

        assertThat(spans()).containsExactly("RESET 0+0", "PACKET 0+960", "CONCEAL 960+960", "PACKET 1920+960");
        assertThat(sequencer.deadLetters()).hasSize(1);
        assertThat(sequencer.deadLetters().get(0).reason()).isEqualTo(Reason.STRAY_PACKET);
    }

    @Test
    void packetsThatOverlapLastAsLongAsTheyDo() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, SILK, NOON), packet(1, 320, SILK, NOON), packet(2, 640, SILK, NOON));

        assertThat(spans()).containsExactly("RESET 0+0", "PACKET 0+960", "PACKET 960+960", "PACKET 1920+960");
    }

    @Test
    void aClockThatTremblesIsNoLoss() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, SILK, NOON), packet(1, 963, SILK, NOON), packet(2, 1_918, SILK, NOON));

        assertThat(spans()).containsExactly("RESET 0+0", "PACKET 0+960", "PACKET 960+960", "PACKET 1920+960");
    }

    @ParameterizedTest
    @ValueSource(ints = {121, 480, 959, 1_001, 4_321, 5_760, 7_777, 100_003})
    void theTimelineIsExactToTheTickWhateverTheGap(int gap) throws Exception {
        open(0);

        sequencer.send(packet(0, 0, SILK, NOON), packet(2, 960 + gap, SILK_WITH_LBRR, NOON + 5_000));

        List<DecodeStep> steps = sequencer.steps();
        long end = 0;
        for (DecodeStep step : steps) {
            assertThat(step.start()).isEqualTo(end);
            assertThat(step.keepFrom()).isEqualTo(step.start());
            end = step.keepTo();
            if (step.kind() != Kind.FILL) {
                assertThat(step.ticks() % 120).isZero();
            }
        }
        assertThat(end).isEqualTo(960 + gap + 960);
    }

    @Test
    void theDriftOfTheMediaClockIsMeasured() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, SILK, NOON), packet(1, 960, SILK, NOON + 25), packet(2, 1_920, SILK, NOON + 38));

        assertThat(sequencer
                        .metrics()
                        .histogram(DecodeMetrics.CLOCK_DRIFT_MILLIS.path())
                        .getStatistics()
                        .getValues())
                .containsExactly(-2, 0, 5);
    }

    private List<String> spans() {
        return sequencer.steps().stream()
                .map(step -> step.kind() + " " + step.start() + "+" + step.ticks())
                .toList();
    }

    private static OpusPacket ofTwoStreams(long number, long timestamp, byte[] payload) {
        OpusHead head = new OpusHead(1, 2, 0, 48_000, 0, 255, 2, 0, new byte[] {0, 1}, new byte[0]);
        return withHead(head, packet(number, timestamp, payload, NOON));
    }

    private static OpusPacket untimed(long number, byte[] payload) {
        return packet(number, OpusPacket.ABSENT, payload, NOON);
    }

    private static OpusPacket plain(byte[] payload) {
        return OpusPacket.plain("stream", payload, new PacketOrigin("packets", 0, 0, NOON));
    }
}
