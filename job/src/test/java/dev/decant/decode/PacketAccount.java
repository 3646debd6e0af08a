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
 * Packets that come out as neither are those that say a loss or an end, and those that the sequencer counts. The packets of one
 * record of RTP have one origin: they are known by it, and by how many they are.
 */
final class PacketAccount {
    private static final String GROUP = "packets";

    private final SequencerHarness sequencer;
    private final Tally tally;
    private final long first;
    private final byte[][] records;
    private final int[] open;
    private final long duplicates;
    private final long unusedCopies;
    private final long numbersOnly;

    private long given;
    private long seen;
    private long ends;
    private long saidLost;

    /**
     * @param first the least offset that the packets have
     * @param records how many offsets there are
     */
    PacketAccount(SequencerHarness sequencer, long first, int records, Tally tally) {
        this.sequencer = sequencer;
        this.tally = tally;
        this.first = first;
        this.records = new byte[records][];
        open = new int[records];
        duplicates = sequencer.metric(DecodeMetrics.DUPLICATE_PACKETS);
        unusedCopies = sequencer.redundant(Use.UNUSED);
        numbersOnly = sequencer.metric(DecodeMetrics.NUMBER_ONLY_PACKETS);
    }

    /** A packet that the sequencer is about to get. */
    void give(OpusPacket packet) {
        int record = record(packet.origin().offset());
        records[record] = packet.rtp() == null ? packet.payload() : packet.rtp().record();
        given++;
        if (packet.endsStream()) {
            ends++;
        } else {
            open[record]++;
            saidLost += packet.isLost() ? 1 : 0;
        }
    }

    void record(DecodeStep step) {
        if (step.kind() == Kind.PACKET) {
            OpusPacket packet = step.packet();
            settle(
                    packet.origin().offset(),
                    packet.rtp() == null ? packet.payload() : packet.rtp().record());
            tally.count(GROUP, "decode step");
        }
    }

    void record(DeadLetter letter) {
        settle(letter.origin().offset(), letter.value());
        tally.count(GROUP, "dead letter");
    }

    /** The sums: every packet is a step, a dead letter, or counted. */
    void check() {
        long duplicated = sequencer.metric(DecodeMetrics.DUPLICATE_PACKETS) - duplicates;
        long unused = sequencer.redundant(Use.UNUSED) - unusedCopies;
        long numbers = sequencer.metric(DecodeMetrics.NUMBER_ONLY_PACKETS) - numbersOnly;
        long lost = given - seen - ends - duplicated - unused - numbers;
        // One that says a loss may be late, or come twice, or be of a link that cannot be decoded, as any other.
        assertThat(lost).as("packets from offset %d on that said a loss", first).isBetween(0L, saidLost);
        tally.add(GROUP, "duplicate", duplicated);
        tally.add(GROUP, "redundant copy not used", unused);
        tally.add(GROUP, "number only", numbers);
        tally.add(GROUP, "said a loss", lost);
        tally.add(GROUP, "ended its stream", ends);
    }

    long given() {
        return given;
    }

    private void settle(long offset, byte[] value) {
        int record = record(offset);
        open[record]--;
        if (open[record] < 0) {
            fail("the packet at offset " + offset + " came out twice");
        }
        if (!Arrays.equals(records[record], value)) {
            fail("what came out for offset " + offset + " has other bytes than what went in");
        }
        seen++;
    }

    private int record(long offset) {
        return (int) (offset - first);
    }
}
