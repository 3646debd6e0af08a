package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.decode.DecodeMetrics.Use;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.fuzz.Tally;
import java.util.Arrays;

/**
 * What became of each packet that the sequencer was given: a step that decodes it or a dead letter, never both, never twice.
 * Packets that come out as neither are those that say a loss or an end, and those that the sequencer counts. The redundant
 * copies in a record of RTP (RFC 2198) are used or not, and never dead letters: the record's own packet answers for it.
 */
final class PacketAccount {
    private static final String GROUP = "packets";

    private final SequencerHarness sequencer;
    private final Tally tally;
    private final long first;
    private final byte[][] records;
    private final boolean[] open;
    private final int[] openCopies;
    private final long duplicatesBefore;
    private final long numbersOnlyBefore;
    private final long usedBefore;
    private final long unusedBefore;

    private long given;
    private long copies;
    private long ends;
    private long saidLost;
    private long steps;
    private long copiesDecoded;
    private long deadLetters;

    /**
     * @param first the least offset that the packets have
     * @param records how many offsets there are
     */
    PacketAccount(SequencerHarness sequencer, long first, int records, Tally tally) {
        this.sequencer = sequencer;
        this.tally = tally;
        this.first = first;
        this.records = new byte[records][];
        open = new boolean[records];
        openCopies = new int[records];
        duplicatesBefore = sequencer.metric(DecodeMetrics.DUPLICATE_PACKETS);
        numbersOnlyBefore = sequencer.metric(DecodeMetrics.NUMBER_ONLY_PACKETS);
        usedBefore = sequencer.redundant(Use.USED);
        unusedBefore = sequencer.redundant(Use.UNUSED);
    }

    /** A packet that the sequencer is about to get. */
    void give(OpusPacket packet) {
        int record = record(packet.origin().offset());
        if (packet.isRedundant()) {
            copies++;
            openCopies[record]++;
        } else if (packet.endsStream()) {
            ends++;
        } else {
            given++;
            saidLost += packet.isLost() ? 1 : 0;
            records[record] = packet.recordValue();
            open[record] = true;
        }
    }

    void record(DecodeStep step) {
        OpusPacket packet = step.packet();
        if (step.kind() != Kind.PACKET) {
            return;
        }
        if (packet.isRedundant()) {
            copiesDecoded++;
            if (--openCopies[record(packet.origin().offset())] < 0) {
                fail("more copies came out of the record at " + packet.origin() + " than are in it");
            }
        } else {
            steps++;
            settle(packet.origin().offset(), packet.recordValue());
        }
    }

    void record(DeadLetter letter) {
        deadLetters++;
        settle(letter.origin().offset(), letter.value());
    }

    /** The sums: every packet is a step, a dead letter, or counted. */
    void check() {
        long duplicates = sequencer.metric(DecodeMetrics.DUPLICATE_PACKETS) - duplicatesBefore;
        long numbersOnly = sequencer.metric(DecodeMetrics.NUMBER_ONLY_PACKETS) - numbersOnlyBefore;
        long lost = given - steps - deadLetters - duplicates - numbersOnly;
        // One that says a loss may be late, or come twice, or be of a link that cannot be decoded, as any other.
        assertThat(lost).as("packets from offset %d on that said a loss", first).isBetween(0L, saidLost);
        long used = sequencer.redundant(Use.USED) - usedBefore;
        long unused = sequencer.redundant(Use.UNUSED) - unusedBefore;
        assertThat(used).as("copies from offset %d on that were used", first).isEqualTo(copiesDecoded);
        assertThat(used + unused).as("copies from offset %d on", first).isEqualTo(copies);
        tally.add(GROUP, "decode step", steps);
        tally.add(GROUP, "dead letter", deadLetters);
        tally.add(GROUP, "duplicate", duplicates);
        tally.add(GROUP, "number only", numbersOnly);
        tally.add(GROUP, "said a loss", lost);
        tally.add(GROUP, "ended its stream", ends);
        tally.add("redundant copies", "decode step", used);
        tally.add("redundant copies", "not used", unused);
    }

    private void settle(long offset, byte[] value) {
        int record = record(offset);
        if (!open[record]) {
            fail("the packet at offset " + offset + " came out twice");
        }
        open[record] = false;
        if (!Arrays.equals(records[record], value)) {
            fail("what came out for offset " + offset + " has other bytes than what went in");
        }
    }

    private int record(long offset) {
        return (int) (offset - first);
    }
}
