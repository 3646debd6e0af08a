package dev.decant.decode;

import static dev.decant.decode.SequencerHarness.NOON;
import static dev.decant.decode.SequencerHarness.numbered;
import static dev.decant.decode.SequencerHarness.packet;
import static dev.decant.decode.SequencerHarness.rtp;
import static dev.decant.decode.SequencerHarness.window;
import static dev.decant.decode.SequencerHarness.withHead;
import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.decode.DecodeMetrics.Use;
import dev.decant.decode.DecodeStep.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which packets wait for which, and what becomes of those that come late, twice, or from somewhere else. */
class ReorderingTest {
    private SequencerHarness sequencer;

    @AfterEach
    void close() {
        if (sequencer != null) {
            sequencer.close();
        }
    }

    @Test
    void packetsInOrderArePlayedAtOnceAndNothingWaits() throws Exception {
        open(16);

        sequencer.send(packetsOf(0, 1, 2));

        assertThat(sequencer.played()).containsExactly(0, 1, 2);
        assertThat(sequencer.stateEntries()).as("only the stream itself").isEqualTo(1);
    }

    @Test
    void aPacketWaitsForTheOneBeforeIt() throws Exception {
        open(16);

        sequencer.send(packetsOf(0, 2));
        assertThat(sequencer.played()).containsExactly(0);

        sequencer.send(packetsOf(1));
        assertThat(sequencer.played()).containsExactly(0, 1, 2);
        assertThat(sequencer.stateEntries()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 16})
    void aPacketIsLostWhenMoreWaitForItThanMay(int window) throws Exception {
        open(window);
        sequencer.send(packetsOf(0));

        for (int number = 2; number <= window + 1; number++) {
            sequencer.send(packetsOf(number));
        }
        assertThat(sequencer.played()).containsExactly(0);

        sequencer.send(packetsOf(window + 2));
        assertThat(sequencer.played()).hasSize(window + 2).doesNotContain(1);
        assertThat(sequencer.metric(DecodeMetrics.LOST_PACKETS)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void aPacketMayComeAfterAsManyLaterOnesAsMayWait(int window) throws Exception {
        open(window);
        sequencer.send(packetsOf(0));
        for (int number = 2; number <= window + 1; number++) {
            sequencer.send(packetsOf(number));
        }

        sequencer.send(packetsOf(1));

        assertThat(sequencer.played()).hasSize(window + 2).startsWith(0, 1);
        assertThat(sequencer.deadLetters()).isEmpty();
    }

    @Test
    void aPacketThatIsMissingIsWaitedForAsLongAsAnyOther() throws Exception {
        sequencer = SequencerHarness.open(new SequencerSettings(
                Duration.ofHours(1), 16, Duration.ofSeconds(2), Duration.ofMillis(80), Duration.ofMillis(120)));
        sequencer.send(packetsOf(0, 2));
        sequencer.setClock(75);
        sequencer.send(packetsOf(4));
        sequencer.setClock(79);
        sequencer.send(packetsOf(1));

        sequencer.setClock(158);
        assertThat(sequencer.played()).containsExactly(0, 1, 2);

        sequencer.setClock(159);
        assertThat(sequencer.played()).containsExactly(0, 1, 2, 4);
        sequencer.end();
        assertThat(sequencer.timers()).isZero();
    }

    @Test
    void aPacketIsLostWhenThoseAfterItHaveWaitedForMoreMediaTimeThanTheyMay() throws Exception {
        sequencer = SequencerHarness.open(
                new SequencerSettings(Duration.ofHours(1), 100, Duration.ofMillis(100), null, Duration.ofMillis(120)));

        sequencer.send(packetsOf(0, 2, 3, 4, 5, 6));
        assertThat(sequencer.played()).containsExactly(0);

        sequencer.send(packetsOf(7));
        assertThat(sequencer.played()).containsExactly(0, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void aLatePacketIsADeadLetterAndADuplicateIsDropped() throws Exception {
        open(2);

        sequencer.send(packetsOf(0, 2, 3, 4, 1, 3, 0));

        assertThat(sequencer.played()).containsExactly(0, 2, 3, 4);
        assertThat(sequencer.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.LATE_PACKET);
        assertThat(sequencer.deadLetters().get(0).message())
                .isEqualTo(
                        "number 1 came when number 4 had been given out; packets.reorder-window lets more packets wait");
        assertThat(sequencer.metric(DecodeMetrics.DUPLICATE_PACKETS)).isEqualTo(2);
    }

    @Test
    void aDuplicateOfAPacketThatWaitsIsDropped() throws Exception {
        open(16);

        sequencer.send(packetsOf(0, 2, 2, 1));

        assertThat(sequencer.played()).containsExactly(0, 1, 2);
        assertThat(sequencer.metric(DecodeMetrics.DUPLICATE_PACKETS)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theOrderOfArrivalDoesNotMatterWithinTheWindow(long seed) throws Exception {
        open(10);
        List<OpusPacket> packets = new ArrayList<>();
        for (long number = 1_000_000; number < 1_000_100; number++) {
            packets.add(rtp(1, number, number * 960, payload((int) (number % 100)), false));
        }
        shuffleWithin(packets, 10, new Random(seed));

        for (OpusPacket packet : packets) {
            sequencer.send(packet);
        }
        sequencer.endInput();

        assertThat(sequencer.played())
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        assertThat(sequencer.kinds()).doesNotContain(Kind.CONCEAL, Kind.FEC, Kind.FILL);
        assertThat(sequencer.deadLetters()).isEmpty();
    }

    @Test
    void numbersAndTimesOfRtpWrap() throws Exception {
        open(4);
        int[] order = {0, 1, 3, 2, 5, 4, 6};

        for (int i : order) {
            sequencer.send(rtp(9, 65_533 + i, (1L << 32) - 2 * 960 + i * 960L, payload(i), false));
        }
        sequencer.end();

        assertThat(sequencer.played()).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(sequencer.kinds()).containsOnly(Kind.RESET, Kind.PACKET, Kind.END);
        assertThat(sequencer.steps().get(7).start()).isEqualTo(6 * 960);
    }

    @Test
    void aStreamThatIsJoinedStartsWithItsLeastNumber() throws Exception {
        open(3);

        sequencer.send(packetsOf(72, 71, 73));
        assertThat(sequencer.played()).isEmpty();

        sequencer.send(packetsOf(74));
        assertThat(sequencer.played()).containsExactly(71, 72, 73, 74);
        assertThat(sequencer.metric(DecodeMetrics.LOST_PACKETS)).isZero();
    }

    @Test
    void whatWaitsIsPlayedWhenTheStreamEnds() throws Exception {
        open(16);

        sequencer.send(packetsOf(0, 3, 2)).end();

        assertThat(sequencer.played()).containsExactly(0, 2, 3);
        assertThat(sequencer.kinds()).endsWith(Kind.END);
        assertThat(sequencer.stateEntries()).isZero();
        assertThat(sequencer.timers()).isZero();
    }

    @Test
    void whatWaitsIsPlayedWhenTheInputEnds() throws Exception {
        open(16);

        sequencer.send(packetsOf(0, 3, 2)).endInput();

        assertThat(sequencer.played()).containsExactly(0, 2, 3);
        assertThat(sequencer.kinds()).doesNotContain(Kind.END);
    }

    @Test
    void whatWaitsIsPlayedWhenTheStreamTimesOut() throws Exception {
        open(16);

        sequencer.send(packetsOf(0, 2));
        sequencer.send(packet(0, 0, payload(50), NOON + Duration.ofHours(2).toMillis()));

        assertThat(sequencer.played()).containsExactly(0, 2, 50);
        assertThat(sequencer.kinds()).contains(Kind.END);
    }

    @Test
    void whatWaitsIsPlayedWhenItHasWaitedLongEnoughByTheClock() throws Exception {
        sequencer = SequencerHarness.open(new SequencerSettings(
                Duration.ofHours(1), 16, Duration.ofSeconds(2), Duration.ofMillis(80), Duration.ofMillis(120)));
        sequencer.setClock(1_000);

        sequencer.send(packetsOf(0, 2, 4));
        sequencer.setClock(1_079);
        assertThat(sequencer.played()).containsExactly(0);

        sequencer.setClock(1_080);
        assertThat(sequencer.played()).containsExactly(0, 2);

        sequencer.setClock(1_160);
        assertThat(sequencer.played()).containsExactly(0, 2, 4);
        sequencer.end();
        assertThat(sequencer.timers()).isZero();
    }

    /** Of a stream that is joined in the middle nobody knows which packet is its first. */
    @Test
    void theFirstPacketsOfAStreamHaveWaitedLongEnoughByTheClockToo() throws Exception {
        sequencer = SequencerHarness.open(new SequencerSettings(
                Duration.ofHours(1), 16, Duration.ofSeconds(2), Duration.ofMillis(80), Duration.ofMillis(120)));
        sequencer.setClock(1_000);

        sequencer.send(packetsOf(100, 101));
        sequencer.setClock(1_079);
        assertThat(sequencer.played()).isEmpty();

        sequencer.setClock(1_080);
        assertThat(sequencer.played()).containsExactly(100, 101);

        sequencer.send(packetsOf(102));
        assertThat(sequencer.played()).containsExactly(100, 101, 102);
        sequencer.end();
        assertThat(sequencer.timers()).isZero();
    }

    @Test
    void aPacketThatStopsWaitingTakesItsTimerAlong() throws Exception {
        sequencer = SequencerHarness.open(new SequencerSettings(
                Duration.ofHours(1), 16, Duration.ofSeconds(2), Duration.ofMillis(80), Duration.ofMillis(120)));

        sequencer.send(packetsOf(0, 2, 1)).setClock(10_000);

        assertThat(sequencer.played()).containsExactly(0, 1, 2);
    }

    @Test
    void aRestoredSequencerStillHasThosePacketsThatWait() throws Exception {
        open(16);
        sequencer.send(packetsOf(0, 2, 3));
        OperatorSubtaskState state = sequencer.snapshot();
        sequencer.close();

        sequencer = SequencerHarness.restore(window(16), state);
        sequencer.send(packetsOf(1));

        assertThat(sequencer.played()).containsExactly(1, 2, 3);
    }

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
    void aStreamThatIsJoinedInAPauseNeedNotFillTheWindow() throws Exception {
        open(16);

        for (int i = 0; i < 6; i++) {
            sequencer.send(rtp(1, 100 + i, i * 19_200L, payload(i), false));
        }

        assertThat(sequencer.played()).startsWith(0, 1, 2, 3, 4);
    }

    @Test
    void aJobThatWasDrainedPlaysWhatWaitsWhenItsInputEndsAgain() throws Exception {
        open(16);
        sequencer.send(packetsOf(0, 2)).endInput();
        OperatorSubtaskState state = sequencer.snapshot();
        sequencer.close();

        sequencer = SequencerHarness.restore(window(16), state);
        sequencer.send(packetsOf(3, 5)).endInput();

        assertThat(sequencer.played()).containsExactly(3, 5);
    }

    /** What was played when the input ended was the beginning: what is before it is late. */
    @Test
    void aJobThatWasDrainedKnowsWhereItsStreamsBegan() throws Exception {
        open(16);
        sequencer.send(packetsOf(100, 101)).endInput();
        OperatorSubtaskState state = sequencer.snapshot();
        sequencer.close();

        sequencer = SequencerHarness.restore(window(16), state);
        sequencer.send(packetsOf(102, 101, 99));

        assertThat(sequencer.played()).containsExactly(102);
        assertThat(sequencer.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.LATE_PACKET);
    }

    @Test
    void aJumpInALinkThatCannotBeDecodedIsNoSegment() throws Exception {
        open(0);
        OpusHead nineStreams =
                new OpusHead(1, 9, 312, 48_000, 0, 255, 9, 0, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8}, new byte[0]);

        sequencer.send(headed(1_000, 960_000, OpusHead.of(1, 0, 0)), headed(1_001, 960_960, nineStreams));
        sequencer.send(headed(5, 0, nineStreams), headed(6, 960, nineStreams)).end();

        assertThat(sequencer.kinds()).containsExactly(Kind.RESET, Kind.PACKET, Kind.END);
        assertThat(sequencer.deadLetters()).hasSize(3);
    }

    @Test
    void aCopyTakesThePlaceOfAPacketThatDidNotComeAndOnlyThen() throws Exception {
        open(4);

        sequencer.send(rtp(1, 0, 0, payload(0), false));
        sequencer.send(rtp(1, 0, 0, payload(50), true), rtp(1, 1, 960, payload(1), false));
        sequencer.send(rtp(1, 2, 1_920, payload(2), true), rtp(1, 3, 2_880, payload(3), false));
        sequencer.send(rtp(1, 3, 2_880, payload(51), true), rtp(1, 4, 3_840, payload(4), false));
        sequencer.end();

        assertThat(sequencer.played()).containsExactly(0, 1, 2, 3, 4);
        assertThat(sequencer.kinds()).doesNotContain(Kind.CONCEAL);
        assertThat(sequencer.redundant(Use.USED)).isEqualTo(1);
        assertThat(sequencer.redundant(Use.UNUSED)).isEqualTo(2);
        assertThat(sequencer.metric(DecodeMetrics.LOST_PACKETS)).isZero();
        assertThat(sequencer.deadLetters()).isEmpty();
    }

    @Test
    void aCopyWhoseTimeIsOverIsOfAnotherPacketThanItsPlaceSays() throws Exception {
        open(0);

        sequencer.send(rtp(1, 0, 0, payload(0), false), rtp(1, 1, 960, payload(1), false));
        sequencer.send(rtp(1, 2, 960, payload(50), true), rtp(1, 3, 1_920, payload(3), false));

        assertThat(sequencer.played()).containsExactly(0, 1, 3);
        assertThat(sequencer.kinds()).doesNotContain(Kind.CONCEAL, Kind.COMFORT_NOISE);
        assertThat(sequencer.redundant(Use.UNUSED)).isEqualTo(1);
        assertThat(sequencer.steps().get(3).start()).isEqualTo(1_920);
    }

    @Test
    void aCopyBeginsNoLink() throws Exception {
        open(0);

        sequencer.send(rtpOfLink(1, 1, false, 0), rtpOfLink(2, 1, true, 50), rtpOfLink(3, 2, false, 1));
        sequencer.send(rtpOfLink(3, 3, true, 51), rtpOfLink(4, 3, false, 2));

        assertThat(sequencer.played()).containsExactly(0, 50, 1, 2);
        assertThat(sequencer.steps()).extracting(DecodeStep::segment).containsExactly(0, 0, 0, 1, 1, 2, 2);
    }

    @Test
    void aBrokenCopyIsNoDeadLetter() throws Exception {
        open(0);
        byte[] malformed = {0x0B, 0};

        sequencer.send(rtp(1, 0, 0, payload(0), false));
        sequencer.send(rtp(1, 1, 960, malformed, true), rtp(1, 2, 1_920, payload(2), false));

        assertThat(sequencer.kinds()).containsExactly(Kind.RESET, Kind.PACKET, Kind.CONCEAL, Kind.PACKET);
        assertThat(sequencer.deadLetters()).isEmpty();
        assertThat(sequencer.redundant(Use.UNUSED)).isEqualTo(1);
    }

    @Test
    void theOriginalReplacesACopyThatWaits() throws Exception {
        open(4);

        sequencer.send(rtp(1, 0, 0, payload(0), false));
        sequencer.send(rtp(1, 2, 1_920, payload(50), true), rtp(1, 3, 2_880, payload(3), false));
        sequencer.send(rtp(1, 2, 1_920, payload(2), false), rtp(1, 1, 960, payload(1), false));
        sequencer.end();

        assertThat(sequencer.played()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aPacketThatIsNumberOnlyTakesANumberAndNoTime() throws Exception {
        open(0);

        sequencer.send(rtp(1, 0, 0, payload(0), false));
        sequencer.send(rtp(1, 1, 0, new byte[0], false));
        sequencer.send(rtp(1, 2, 960, payload(2), false));

        assertThat(sequencer.kinds()).containsExactly(Kind.RESET, Kind.PACKET, Kind.PACKET);
        assertThat(sequencer.steps().get(2).start()).isEqualTo(960);
        assertThat(sequencer.metric(DecodeMetrics.NUMBER_ONLY_PACKETS)).isEqualTo(1);
        assertThat(sequencer.metric(DecodeMetrics.LOST_PACKETS)).isZero();
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
    void aCopyInALinkThatCannotBeDecodedIsCountedAndNoDeadLetter() throws Exception {
        open(0);
        OpusHead nineStreams =
                new OpusHead(1, 9, 312, 48_000, 0, 255, 9, 0, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8}, new byte[0]);
        OpusPacket packet = SequencerHarness.rtp(7, 1, 960, new byte[] {0x08, 1}, false);
        OpusPacket copy = SequencerHarness.rtp(7, 2, 1_920, new byte[] {0x08, 2}, true);

        sequencer
                .send(withHead(nineStreams, packet), withHead(nineStreams, copy))
                .end();

        assertThat(sequencer.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.UNSUPPORTED_STREAM);
        assertThat(sequencer.redundant(Use.UNUSED)).isEqualTo(1);
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

    private void open(int window) throws Exception {
        sequencer = SequencerHarness.open(window(window));
    }

    private static OpusPacket[] packetsOf(int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(number -> numbered(number, payload(number)))
                .toArray(OpusPacket[]::new);
    }

    private static OpusPacket rtpOfLink(long number, long link, boolean redundant, int name) {
        OpusPacket plain = rtp(1, number, number * 960, payload(name), redundant);
        return new OpusPacket(
                "stream",
                plain.payload(),
                plain.sequenceNumber(),
                plain.timestamp(),
                null,
                link,
                0,
                0,
                OpusPacket.ABSENT,
                plain.origin(),
                plain.rtp());
    }

    private static OpusPacket headed(long number, long timestamp, OpusHead head) {
        return withHead(head, packet(number, timestamp, payload((int) number), NOON));
    }

    private static OpusPacket linked(long number, long timestamp, long link) {
        OpusPacket plain = packet(number, timestamp, payload((int) number), NOON);
        return new OpusPacket(
                "stream", plain.payload(), number, timestamp, null, link, 0, 0, OpusPacket.ABSENT, plain.origin());
    }

    /** A CELT packet of one 20 ms frame, with a name. */
    private static byte[] payload(int name) {
        return new byte[] {(byte) 0xF8, (byte) name, 3};
    }

    /** No packet comes after more than {@code window} later ones. */
    private static void shuffleWithin(List<OpusPacket> packets, int window, Random random) {
        for (int from = 0; from < packets.size(); from += window) {
            Collections.shuffle(packets.subList(from, Math.min(from + window, packets.size())), random);
        }
    }
}
