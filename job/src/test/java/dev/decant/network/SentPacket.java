package dev.decant.network;

import dev.decant.audio.PacketFraming;

/**
 * A packet as its sender made it.
 *
 * @param number counts the packets of a sender from 0; what was not sent on purpose (discontinuous transmission) has none
 * @param timestamp of its first sample, 48 kHz ticks from the sender's first
 * @param payload the Opus packet; not to be changed
 */
public record SentPacket(int number, long timestamp, byte[] payload) {

    /** How long it plays, 48 kHz ticks. */
    public int ticks() {
        return PacketFraming.statedDuration(payload);
    }

    /** The tick after its last, from the sender's first. */
    public long end() {
        return timestamp + ticks();
    }
}
