package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.decode.DecodeStep.Kind;
import org.junit.jupiter.api.Test;

/**
 * Numbers and times that the fuzzer found to write hours of silence that nobody was silent for: a gap that record times do not
 * bear out is at most 5 s.
 */
class WildNumbersTest {
    private static final byte[] TWENTY_MS = {0x08, 1, 2, 3};
    private static final OpusHead MONO = OpusHead.of(1, 312, 0);
    private static final long TEN_HOURS = 36_000L * MediaClock.HZ;

    @Test
    void aWildTimeIsNoGapWhileTheFirstPacketsWaitEither() throws Exception {
        try (SequencerHarness harness = SequencerHarness.open(SequencerSettings.usual())) {
            harness.send(packet(100, 0), packet(101, TEN_HOURS), packet(102, 2 * 960), packet(103, 3 * 960))
                    .end();

            assertThat(madeUp(harness)).isLessThanOrEqualTo(5L * MediaClock.HZ);
        }
    }

    @Test
    void aWildTimeIsNoGapWhileThePacketsOfANewHeaderWaitEither() throws Exception {
        OpusHead other = OpusHead.of(1, 0, 0);
        try (SequencerHarness harness = SequencerHarness.open(SequencerSettings.usual())) {
            harness.send(
                            packet(0, 0),
                            packet(2, 2 * 960, other),
                            packet(3, TEN_HOURS, other),
                            packet(4, 4 * 960, other))
                    .end();

            assertThat(madeUp(harness)).isLessThanOrEqualTo(5L * MediaClock.HZ);
        }
    }

    @Test
    void aWildNumberIsNoLossOfDays() throws Exception {
        try (SequencerHarness harness = SequencerHarness.open(SequencerSettings.usual())) {
            harness.send(packet(0, 0), packet(1, 960), packet(400_000_000, 2 * 960))
                    .end();

            assertThat(madeUp(harness)).isLessThanOrEqualTo(5L * MediaClock.HZ);
            assertThat(harness.metric(DecodeMetrics.LOST_PACKETS)).isLessThan(1_000);
        }
    }

    @Test
    void aSenderThatBeginsAnewDoesNotJumpAtOnce() throws Exception {
        try (SequencerHarness harness = SequencerHarness.open(SequencerSettings.usual())) {
            harness.send(packet(0, 0), packet(1, 960), packet(90_000, 960_000), packet(90_001, TEN_HOURS))
                    .end();

            assertThat(madeUp(harness)).isLessThanOrEqualTo(5L * MediaClock.HZ);
        }
    }

    @Test
    void aPacketOfTenHoursBeforeIsNotTheOneBefore() throws Exception {
        try (SequencerHarness harness = SequencerHarness.open(SequencerSettings.usual())) {
            harness.send(packet(101, TEN_HOURS), packet(100, 0), packet(102, TEN_HOURS + 960))
                    .end();

            assertThat(madeUp(harness)).isLessThanOrEqualTo(5L * MediaClock.HZ);
        }
    }

    /** A packet of the link before, which no time of the new link can be held against. */
    @Test
    void aWildTimeOfALinkThatIsBeingLeftIsNoGapOfHours() throws Exception {
        try (SequencerHarness harness = SequencerHarness.open(SequencerSettings.usual())) {
            harness.send(
                            ofLink(0, packet(0, 0)),
                            ofLink(1, packet(3, 0)),
                            ofLink(0, packet(2, TEN_HOURS)),
                            ofLink(0, packet(1, 960)))
                    .end();

            assertThat(madeUp(harness)).isLessThanOrEqualTo(3_600L * MediaClock.HZ);
            assertThat(harness.played()).hasSize(4);
        }
    }

    private static OpusPacket ofLink(long link, OpusPacket packet) {
        return new OpusPacket(
                packet.streamId(),
                packet.payload(),
                packet.sequenceNumber(),
                packet.timestamp(),
                packet.head(),
                link,
                0,
                0,
                packet.finalRange(),
                packet.origin());
    }

    /** The packet that begins a numbering may be one that only takes a number, and tells no time. */
    @Test
    void aWildTimeIsNoGapAfterAPacketWithoutATimeEither() throws Exception {
        try (SequencerHarness harness = SequencerHarness.open(SequencerHarness.window(1))) {
            harness.send(
                            SequencerHarness.rtp(7, 101, 960, new byte[0], false),
                            SequencerHarness.rtp(7, 100, 0, TWENTY_MS, false),
                            SequencerHarness.rtp(7, 102, TEN_HOURS, TWENTY_MS, false),
                            SequencerHarness.rtp(7, 103, 3 * 960, TWENTY_MS, false))
                    .end();

            assertThat(madeUp(harness)).isLessThanOrEqualTo(5L * MediaClock.HZ);
        }
    }

    private static OpusPacket packet(long number, long timestamp) {
        return packet(number, timestamp, MONO);
    }

    private static OpusPacket packet(long number, long timestamp, OpusHead head) {
        return new OpusPacket(
                "stream",
                TWENTY_MS,
                number,
                timestamp,
                head,
                OpusPacket.ABSENT,
                0,
                0,
                OpusPacket.ABSENT,
                new PacketOrigin("packets", 0, number, SequencerHarness.NOON));
    }

    private static long madeUp(SequencerHarness harness) {
        return harness.steps().stream()
                .filter(step -> step.kind() != Kind.PACKET)
                .mapToLong(DecodeStep::ticks)
                .sum();
    }
}
