package dev.decant.decode;

import static dev.decant.decode.SequencerHarness.NOON;
import static dev.decant.decode.SequencerHarness.numbered;
import static dev.decant.decode.SequencerHarness.packet;
import static dev.decant.decode.SequencerHarness.payload;
import static dev.decant.decode.SequencerHarness.rtp;
import static dev.decant.decode.SequencerHarness.window;
import static dev.decant.decode.SequencerHarness.withLink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.OpusPacket;
import dev.decant.decode.DecodeStep.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which packets wait for which, and what becomes of those that come late or twice. */
class ReorderingTest extends SequencerTestCase {
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

    /** Media time tells nothing across links: that of the second one here begins long before the first one's end. */
    @Test
    void theFirstPacketOfALinkIsWaitedForAsLongAsAnyOther() throws Exception {
        sequencer = SequencerHarness.open(
                new SequencerSettings(Duration.ofHours(1), 100, Duration.ofMillis(100), null, Duration.ofMillis(120)));
        sequencer.send(withLink(1, packet(0, 28_800_000, payload(0), NOON)));
        for (int number = 2; number <= 6; number++) {
            sequencer.send(withLink(2, packet(number, (number - 1) * 960L, payload(number), NOON)));
        }
        assertThat(sequencer.played()).containsExactly(0);

        sequencer.send(withLink(2, packet(7, 6 * 960L, payload(7), NOON)));
        assertThat(sequencer.played()).containsExactly(0, 2, 3, 4, 5, 6, 7);
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
        restart();

        sequencer.send(packetsOf(1));

        assertThat(sequencer.played()).containsExactly(1, 2, 3);
    }

    @Test
    void aJobThatWasDrainedPlaysWhatWaitsWhenItsInputEndsAgain() throws Exception {
        open(16);
        sequencer.send(packetsOf(0, 2)).endInput();
        restart();

        sequencer.send(packetsOf(3, 5)).endInput();

        assertThat(sequencer.played()).containsExactly(3, 5);
    }

    /** What was played when the input ended was the beginning: what is before it is late. */
    @Test
    void aJobThatWasDrainedKnowsWhereItsStreamsBegan() throws Exception {
        open(16);
        sequencer.send(packetsOf(100, 101)).endInput();
        restart();

        sequencer.send(packetsOf(102, 101, 99));

        assertThat(sequencer.played()).containsExactly(102);
        assertThat(sequencer.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.LATE_PACKET);
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
    void aStreamThatIsJoinedInAPauseNeedNotFillTheWindow() throws Exception {
        open(16);

        for (int i = 0; i < 6; i++) {
            sequencer.send(rtp(1, 100 + i, i * 19_200L, payload(i), false));
        }

        assertThat(sequencer.played()).startsWith(0, 1, 2, 3, 4);
    }

    /** From a savepoint. */
    private void restart() throws Exception {
        OperatorSubtaskState state = sequencer.snapshot();
        sequencer.close();
        sequencer = SequencerHarness.restore(window(16), state);
    }

    private static OpusPacket[] packetsOf(int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(number -> numbered(number, payload(number)))
                .toArray(OpusPacket[]::new);
    }

    /** No packet comes after more than {@code window} later ones. */
    private static void shuffleWithin(List<OpusPacket> packets, int window, Random random) {
        for (int from = 0; from < packets.size(); from += window) {
            Collections.shuffle(packets.subList(from, Math.min(from + window, packets.size())), random);
        }
    }
}
