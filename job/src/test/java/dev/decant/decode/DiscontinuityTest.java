package dev.decant.decode;

import static dev.decant.decode.SequencerHarness.NINE_STREAMS;
import static dev.decant.decode.SequencerHarness.NOON;
import static dev.decant.decode.SequencerHarness.numbered;
import static dev.decant.decode.SequencerHarness.packet;
import static dev.decant.decode.SequencerHarness.payload;
import static dev.decant.decode.SequencerHarness.rtp;
import static dev.decant.decode.SequencerHarness.withHead;
import static dev.decant.decode.SequencerHarness.withLink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.decode.DecodeStep.Kind;
import org.junit.jupiter.api.Test;

/** What begins a segment, a link or another source, and what comes from somewhere else and is refused. */
class DiscontinuityTest extends SequencerTestCase {
    @Test
    void aLoneStrayIsADeadLetter() throws Exception {
        open(4);

        sequencer.send(numbered(1_000, payload(0)), numbered(1_001, payload(1)), numbered(1_002, payload(2)));
        sequencer.send(numbered(1_003, payload(3)), numbered(1_004, payload(4)));
        sequencer.send(numbered(5, payload(77)), numbered(1_005, payload(5)));

        assertThat(sequencer.played()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(sequencer.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.STRAY_PACKET);
        assertThat(sequencer.deadLetters().get(0).value()).isEqualTo(payload(77));
    }

    @Test
    void aStrayThatNothingFollowsIsADeadLetterWhenTheStreamEnds() throws Exception {
        open(0);

        sequencer.send(numbered(1_000, payload(0)), numbered(5, payload(77))).end();

        assertThat(sequencer.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.STRAY_PACKET);
        assertThat(sequencer.stateEntries()).isZero();
    }

    @Test
    void aJumpBackBeginsASegmentAndLosesNothing() throws Exception {
        open(0);

        sequencer.send(numbered(1_000, payload(0)), numbered(5, payload(1)), numbered(6, payload(2)));

        assertThat(sequencer.played()).containsExactly(0, 1, 2);
        assertThat(sequencer.steps()).extracting(DecodeStep::segment).containsExactly(0, 0, 1, 1, 1);
        assertThat(sequencer.steps().get(3).start()).isZero();
        assertThat(sequencer.deadLetters()).isEmpty();
        assertThat(sequencer.metric(DecodeMetrics.DISCONTINUITIES)).isEqualTo(1);
    }

    @Test
    void aNumberThatNoRecordTimeMakesLikelyBeginsASegment() throws Exception {
        open(0);

        sequencer.send(packet(0, 0, payload(0), NOON));
        sequencer.send(packet(1_000_000, 960_000_000, payload(1), NOON + 20));
        sequencer.send(packet(1_000_001, 960_000_960, payload(2), NOON + 40));

        assertThat(sequencer.kinds()).containsExactly(Kind.RESET, Kind.PACKET, Kind.RESET, Kind.PACKET, Kind.PACKET);
    }

    @Test
    void hostileNumbersAndTimesOverflowNothing() throws Exception {
        open(4);
        long[] numbers = {
            Long.MAX_VALUE, -Long.MAX_VALUE, Long.MAX_VALUE - 1, 0, 1L << 61, -(1L << 61), 1, Long.MAX_VALUE
        };

        for (long number : numbers) {
            for (long time : numbers) {
                sequencer.send(packet(number, time, payload(0), NOON));
            }
        }
        sequencer.end();

        long played = sequencer.played().size();
        assertThat(played + sequencer.deadLetters().size() + sequencer.metric(DecodeMetrics.DUPLICATE_PACKETS))
                .isEqualTo(64);
        assertThat(sequencer.steps())
                .allSatisfy(step -> assertThat(step.start()).isBetween(0L, 100_000_000L));
        assertThat(sequencer.stateEntries()).isZero();
    }

    @Test
    void aNewSourceBeginsASegmentWhenItsSecondPacketComes() throws Exception {
        open(0);

        sequencer.send(rtp(1, 10, 0, payload(0), false), rtp(1, 11, 960, payload(1), false));
        sequencer.send(rtp(2, 700, 5_000, payload(2), false), rtp(2, 701, 5_960, payload(3), false));

        assertThat(sequencer.played()).containsExactly(0, 1, 2, 3);
        assertThat(sequencer.steps()).extracting(DecodeStep::segment).containsExactly(0, 0, 0, 1, 1, 1);
        assertThat(sequencer.deadLetters()).isEmpty();
    }

    @Test
    void ofTwoSourcesThatTakeTurnsTheSecondIsRefused() throws Exception {
        open(0);

        for (int i = 0; i < 4; i++) {
            sequencer.send(rtp(1, 10 + i, i * 960, payload(i), false), rtp(2, 70 + i, i * 960, payload(50), false));
        }
        sequencer.end();

        assertThat(sequencer.played()).containsExactly(0, 1, 2, 3);
        assertThat(sequencer.deadLetters())
                .extracting(DeadLetter::reason)
                .containsExactly(Reason.OTHER_SSRC, Reason.OTHER_SSRC, Reason.OTHER_SSRC, Reason.OTHER_SSRC);
    }

    @Test
    void theFormerSourceDoesNotComeBack() throws Exception {
        open(0);

        sequencer.send(rtp(1, 10, 0, payload(0), false));
        sequencer.send(rtp(2, 70, 0, payload(1), false), rtp(2, 71, 960, payload(2), false));
        sequencer.send(rtp(1, 11, 960, payload(50), false), rtp(1, 12, 1_920, payload(51), false));
        sequencer.send(rtp(2, 72, 1_920, payload(3), false));

        assertThat(sequencer.played()).containsExactly(0, 1, 2, 3);
        assertThat(sequencer.deadLetters())
                .extracting(DeadLetter::reason)
                .containsExactly(Reason.OTHER_SSRC, Reason.OTHER_SSRC);
    }

    @Test
    void theFormerSourceMayBeginAnewWhenTheOneAfterItHasFallenSilent() throws Exception {
        open(0);

        sequencer.send(rtp(1, 10, 0, payload(0), false));
        sequencer.send(rtp(2, 70, 0, payload(1), false), rtp(2, 71, 960, payload(2), false));
        sequencer.send(rtp(1, 500, 960, payload(3), false), rtp(1, 501, 1_920, payload(4), false));

        assertThat(sequencer.played()).containsExactly(0, 1, 2, 3, 4);
        assertThat(sequencer.steps().get(sequencer.steps().size() - 1).segment())
                .isEqualTo(2);
        assertThat(sequencer.deadLetters()).isEmpty();
    }

    @Test
    void aLatePacketOfAnEarlierLinkBreaksNoLinkThatCountsAnew() throws Exception {
        open(0);

        sequencer.send(linked(4_999, 0, 1), linked(0, 0, 2), linked(5_000, 960, 1), linked(1, 960, 2));

        assertThat(sequencer.steps()).extracting(DecodeStep::segment).containsExactly(0, 0, 1, 1, 1);
        assertThat(sequencer.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.STRAY_PACKET);
    }

    @Test
    void aJumpInALinkThatCannotBeDecodedIsNoSegment() throws Exception {
        open(0);
        sequencer.send(headed(1_000, 960_000, OpusHead.of(1, 0, 0)), headed(1_001, 960_960, NINE_STREAMS));
        sequencer.send(headed(5, 0, NINE_STREAMS), headed(6, 960, NINE_STREAMS)).end();

        assertThat(sequencer.kinds()).containsExactly(Kind.RESET, Kind.PACKET, Kind.END);
        assertThat(sequencer.deadLetters()).hasSize(3);
    }

    @Test
    void whatWasLostOfALinkThatCannotBeDecodedIsNotMadeUpForInTheSegmentBefore() throws Exception {
        open(0);
        sequencer.send(headed(1_000, 960_000, OpusHead.of(1, 0, 0)), headed(1_001, 960_960, NINE_STREAMS));
        sequencer.send(headed(1_012, 971_520, OpusHead.of(2, 0, 0)));

        assertThat(sequencer.kinds()).containsExactly(Kind.RESET, Kind.PACKET, Kind.RESET, Kind.PACKET);
        assertThat(sequencer.metric(DecodeMetrics.LOST_PACKETS)).isEqualTo(10);
    }

    @Test
    void aStreamThatWasRtpAndIsNoLongerBeginsASegment() throws Exception {
        open(0);

        sequencer.send(rtp(1, 10, 0, payload(0), false));
        sequencer.send(
                packet(5, 86_400L * 48_000, payload(1), NOON), packet(6, 86_400L * 48_000 + 960, payload(2), NOON));

        assertThat(sequencer.played()).containsExactly(0, 1, 2);
        assertThat(sequencer.kinds()).containsExactly(Kind.RESET, Kind.PACKET, Kind.RESET, Kind.PACKET, Kind.PACKET);
    }

    @Test
    void aHeaderOnEveryPacketMakesNoWildTimeGenuineBeforeTheStreamHasStarted() throws Exception {
        open(4);
        OpusHead head = OpusHead.of(1, 0, 0);

        for (int i = 0; i < 8; i++) {
            sequencer.send(headed(10 + i, i == 2 ? 86_400L * 48_000 : i * 960, head));
        }

        assertThat(sequencer.kinds()).contains(Kind.CONCEAL).doesNotContain(Kind.COMFORT_NOISE, Kind.FILL);
        assertThat(sequencer.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.STRAY_PACKET);
    }

    @Test
    void aLinkThatCountsAnewPlaysWhatWaitedBefore() throws Exception {
        open(16);

        sequencer.send(linked(0, 0, 0), linked(2, 1_920, 0), linked(0, 0, 1), linked(1, 960, 1));

        assertThat(sequencer.played()).containsExactly(0, 2, 0, 1);
        assertThat(sequencer.steps()).extracting(DecodeStep::segment).containsExactly(0, 0, 0, 0, 1, 1, 1);
        assertThat(sequencer.deadLetters()).isEmpty();
    }

    @Test
    void packetsAreOrderedAcrossLinksThatCountOn() throws Exception {
        open(16);

        sequencer.send(linked(0, 0, 0), linked(2, 0, 1), linked(1, 960, 0), linked(4, 1_920, 1), linked(3, 960, 1));

        assertThat(sequencer.played()).containsExactly(0, 1, 2, 3, 4);
        assertThat(sequencer.kinds())
                .containsExactly(
                        Kind.RESET, Kind.PACKET, Kind.PACKET, Kind.RESET, Kind.PACKET, Kind.PACKET, Kind.PACKET);
    }

    private static OpusPacket headed(long number, long timestamp, OpusHead head) {
        return withHead(head, packet(number, timestamp, payload((int) number), NOON));
    }

    private static OpusPacket linked(long number, long timestamp, long link) {
        return withLink(link, packet(number, timestamp, payload((int) number), NOON));
    }
}
