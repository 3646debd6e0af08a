package dev.decant.audio;

import dev.decant.audio.MalformedPacketException.Rule;

/**
 * Whether a packet that states its own length is framed as RFC 6716, appendix B demands: as any other, but with one frame
 * length more, so that it says itself where it ends.
 */
final class SelfDelimitedFraming {
    private SelfDelimitedFraming() {}

    /**
     * Checks the packet that begins at {@code from}. Allocates nothing unless it throws.
     *
     * @return where it ends
     * @throws MalformedPacketException if a rule is broken, or it does not end within {@code packet}
     */
    static int check(byte[] packet, int from) throws MalformedPacketException {
        int length = packet.length;
        if (from >= length) {
            throw MalformedPacketException.of(Rule.R1, "nothing is left for a packet: at least 1 byte is needed");
        }
        Toc toc = Toc.of(packet[from]);
        int frames = 1;
        boolean vbr = toc.code() == 2;
        int padding = 0;
        int at = from + 1;
        if (toc.code() == 3) {
            PacketFraming.checkFrameCount(packet, from, toc.frameTicks());
            vbr = (packet[from + 1] & PacketFraming.VBR_FLAG) != 0;
            frames = packet[from + 1] & PacketFraming.FRAME_COUNT_MASK;
            at = from + 2;
            if ((packet[from + 1] & PacketFraming.PADDING_FLAG) != 0) {
                int octet;
                do {
                    if (at >= length) {
                        throw MalformedPacketException.of(Rule.B, "a packet ends within its padding length");
                    }
                    octet = packet[at++] & 0xFF;
                    padding += Math.min(octet, 254);
                } while (octet == 255);
            }
        } else if (toc.code() > 0) {
            frames = 2;
        }
        int written = vbr ? frames : 1;
        int bytes = 0;
        for (int i = 0; i < written; i++) {
            if (at >= length || at + PacketFraming.lengthBytes(packet, at) > length) {
                throw MalformedPacketException.of(
                        Rule.B, "a packet ends within the length of frame %d of %d", i + 1, frames);
            }
            bytes += PacketFraming.frameLength(packet, at);
            at += PacketFraming.lengthBytes(packet, at);
        }
        long end = (long) at + (vbr ? bytes : frames * bytes) + padding;
        if (end > length) {
            throw MalformedPacketException.of(
                    Rule.B, "a packet states frames and padding of %d bytes: only %d are left", end - at, length - at);
        }
        return (int) end;
    }
}
