package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.MediaClock;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.network.NetworkSimulation;
import dev.decant.network.Sender;
import dev.decant.network.SentPacket;
import dev.decant.opus.ReferenceDecoder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What a careful receiver must play of one sender, by what the network did to its packets; the receiver's steps are held
 * against it.
 */
final class Heard {
    /** The default of {@code loss.max-concealment}, 120 ms. */
    private static final long MAX_CONCEALMENT_TICKS = 5_760;

    private static final int FRAME_TICKS = 960;

    private final Sender sender;
    private final List<SentPacket> played = new ArrayList<>();
    private final BitSet lost;

    /**
     * @param copiesCount whether the receiver gets the copies of RFC 2198
     */
    Heard(NetworkSimulation network, Sender sender, boolean copiesCount) {
        this.sender = sender;
        lost = network.lost(sender);
        if (!copiesCount) {
            lost.or(network.onlyCopied(sender));
        }
        sender.packets().stream().filter(packet -> !lost.get(packet.number())).forEach(played::add);
    }

    int lostPackets() {
        return lost.cardinality();
    }

    /** Packets after a loss that carry the last lost one once more. */
    long recoverable() {
        return played.stream().filter(this::recoversTheOneBefore).count();
    }

    /** Every packet that came plays once, where it belongs, and the time between is made up for as it should be. */
    void assertPlayed(List<DecodeStep> steps) {
        assertNoGapNorOverlap(steps);
        int next = 0;
        for (int i = 0; i < played.size(); i++) {
            SentPacket packet = played.get(i);
            long silentSince = i == 0 ? 0 : played.get(i - 1).end();
            int from = next;
            while (steps.get(next).kind() != Kind.PACKET) {
                next++;
            }
            assertMadeUpFor(steps.subList(from, next), silentSince, packet);
            DecodeStep step = steps.get(next);
            assertThat(step.start()).as("when packet %s plays", packet.number()).isEqualTo(packet.timestamp());
            assertThat(step.ticks()).isEqualTo(packet.ticks());
            assertThat(step.payload()).isEqualTo(packet.payload());
            next++;
        }
        assertThat(next).as("nothing plays after the last packet").isEqualTo(steps.size());
    }

    private void assertNoGapNorOverlap(List<DecodeStep> steps) {
        long clock = 0;
        for (DecodeStep step : steps) {
            assertThat(step.start()).isEqualTo(clock);
            assertThat(step.keepFrom()).isEqualTo(clock);
            clock += step.ticks();
            assertThat(step.keepTo()).isEqualTo(clock);
        }
        assertThat(clock).as("length of the timeline").isEqualTo(sender.ticks());
    }

    /**
     * @param steps between the packet that played before and {@code packet}
     * @param silentSince the end of that one
     */
    private void assertMadeUpFor(List<DecodeStep> steps, long silentSince, SentPacket packet) {
        String before = "what plays before packet " + packet.number();
        long missing = packet.timestamp() - silentSince;
        assertThat(ticks(steps, null)).as(before).isEqualTo(missing);

        boolean recovers = recoversTheOneBefore(packet);
        assertThat(ticks(steps, Kind.FEC)).as(before).isEqualTo(recovers ? FRAME_TICKS : 0);
        if (recovers) {
            DecodeStep last = steps.get(steps.size() - 1);
            assertThat(last.kind()).as(before).isEqualTo(Kind.FEC);
            assertThat(last.payload()).isEqualTo(packet.payload());
        }
        int lostBefore = lostBefore(packet);
        if (lostBefore == 0) {
            assertThat(ticks(steps, Kind.COMFORT_NOISE)).as(before).isEqualTo(missing);
        } else if (missing == (long) lostBefore * FRAME_TICKS) {
            long unrecovered = missing - (recovers ? FRAME_TICKS : 0);
            assertThat(ticks(steps, Kind.CONCEAL)).as(before).isEqualTo(Math.min(unrecovered, MAX_CONCEALMENT_TICKS));
            assertThat(ticks(steps, Kind.FILL)).as(before).isEqualTo(Math.max(0, unrecovered - MAX_CONCEALMENT_TICKS));
        } else {
            // Lost where also nothing was sent: nobody can tell which of the two a moment was.
            assertThat(ticks(steps, Kind.CONCEAL)).as(before).isLessThanOrEqualTo(MAX_CONCEALMENT_TICKS);
        }
        assertThat(steps)
                .filteredOn(step -> step.kind() == Kind.CONCEAL)
                .extracting(DecodeStep::ticks)
                .as(before)
                .allSatisfy(ticks -> assertThat(ticks).isBetween(MediaClock.HZ / 100L, (long) FRAME_TICKS));
    }

    private static long ticks(List<DecodeStep> steps, Kind kind) {
        return steps.stream()
                .filter(step -> kind == null || step.kind() == kind)
                .mapToLong(DecodeStep::ticks)
                .sum();
    }

    private int lostBefore(SentPacket packet) {
        return packet.number() - 1 - lost.previousClearBit(packet.number() - 1);
    }

    private boolean recoversTheOneBefore(SentPacket packet) {
        return lostBefore(packet) > 0 && carriesTheOneBefore(packet.payload());
    }

    /** By libopus' own judgement: a decoder that has heard nothing yet hears something of the frame before, or nothing. */
    private static boolean carriesTheOneBefore(byte[] packet) {
        try (ReferenceDecoder decoder = new ReferenceDecoder(new PcmFormat(SampleFormat.S16LE, 48_000, 1), 0)) {
            for (byte octet : decoder.recover(packet, FRAME_TICKS)) {
                if (octet != 0) {
                    return true;
                }
            }
            return false;
        }
    }
}
