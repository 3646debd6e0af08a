package dev.decant.opus;

import dev.decant.audio.MediaClock;
import java.io.ByteArrayOutputStream;

/**
 * One call of {@code opus_decode}.
 *
 * @param packet null for a lost one
 * @param ticks how long, or at most, 48 kHz ticks
 * @param fec whether to decode what the packet carries of the one before it
 */
record TrialStep(byte[] packet, int ticks, boolean fec) {
    static TrialStep decode(byte[] packet) {
        return new TrialStep(packet, MediaClock.MAX_PACKET_TICKS, false);
    }

    static TrialStep recover(byte[] nextPacket, int ticks) {
        return new TrialStep(nextPacket, ticks, true);
    }

    /** The same for a decoder of several streams, each of which gets this packet of one frame (code 0). */
    TrialStep inStreams(int count) {
        return packet == null ? this : new TrialStep(inStreams(packet, count), ticks, fec);
    }

    /** All but the last with the length of the frame in it (RFC 6716, appendix B). */
    private static byte[] inStreams(byte[] packet, int count) {
        int length = packet.length - 1;
        boolean isLong = length >= 252;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int stream = 1; stream < count; stream++) {
            out.write(packet[0]);
            out.write(isLong ? 252 + (length & 3) : length);
            if (isLong) {
                out.write((length - 252 - (length & 3)) / 4);
            }
            out.write(packet, 1, length);
        }
        out.writeBytes(packet);
        return out.toByteArray();
    }

    static TrialStep conceal(int ticks) {
        return new TrialStep(null, ticks, false);
    }
}
