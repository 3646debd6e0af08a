package dev.decant.network;

import java.util.List;

/**
 * What one synchronization source sends. A stream may be spoken by several, one after the other: each is one that has
 * restarted.
 *
 * @param ssrc the source, unsigned 32 bit
 * @param firstNumber sequence number of packet 0; on RTP the numbers wrap at 16 bits
 * @param firstTimestamp its timestamp, 48 kHz ticks; on RTP the timestamps wrap at 32 bits
 * @param packets in the order of their numbers, at least one
 */
public record Sender(long ssrc, long firstNumber, long firstTimestamp, List<SentPacket> packets) {
    public Sender {
        packets = List.copyOf(packets);
    }

    /** A sender whose numbers and timestamps begin at 0. */
    public static Sender of(List<SentPacket> packets) {
        return new Sender(0x5EED, 0, 0, packets);
    }

    /** The same packets from a sender whose numbers and timestamps begin elsewhere. */
    public Sender from(long otherFirstNumber, long otherFirstTimestamp) {
        return new Sender(ssrc, otherFirstNumber, otherFirstTimestamp, packets);
    }

    /** The same packets from another source. */
    public Sender as(long otherSsrc) {
        return new Sender(otherSsrc, firstNumber, firstTimestamp, packets);
    }

    /** How long all of it plays, pauses included, 48 kHz ticks. */
    public long ticks() {
        return packets.get(packets.size() - 1).end();
    }

    long sequenceNumber(SentPacket packet) {
        return firstNumber + packet.number();
    }

    long timestamp(SentPacket packet) {
        return firstTimestamp + packet.timestamp();
    }
}
