package dev.decant.audio;

/**
 * Where the frames of one stream lie in a packet whose framing is sound (RFC 6716, section 3.2, and appendix B).
 * Everywhere {@code from} is where the stream's packet begins, and {@code delimited} says whether it is one of those that
 * state their own length, which in a packet of several streams all but the last do. Allocates nothing.
 */
final class FramePositions {
    private FramePositions() {}

    /** How many frames there are: 1 to 48. */
    static int count(byte[] packet, int from) {
        return switch (Toc.of(packet[from]).code()) {
            case 0 -> 1;
            case 1, 2 -> 2;
            default -> packet[from + 1] & PacketFraming.FRAME_COUNT_MASK;
        };
    }

    /** Whether the sizes of the frames are written out one by one. */
    static boolean vbr(byte[] packet, int from) {
        int code = Toc.of(packet[from]).code();
        return code == 2 || (code == 3 && (packet[from + 1] & PacketFraming.VBR_FLAG) != 0);
    }

    /** Where the lengths of frames begin, or, if none are written, the frames. */
    static int lengths(byte[] packet, int from) {
        if (Toc.of(packet[from]).code() != 3) {
            return from + 1;
        }
        int at = from + 2;
        if ((packet[from + 1] & PacketFraming.PADDING_FLAG) != 0) {
            while (packet[at++] == (byte) 255) {
                // Each of these says that another byte follows.
            }
        }
        return at;
    }

    /** Bytes behind the frames. */
    static int padding(byte[] packet, int from) {
        int end = lengths(packet, from);
        int bytes = 0;
        if (Toc.of(packet[from]).code() == 3) {
            for (int at = from + 2; at < end; at++) {
                bytes += Math.min(packet[at] & 0xFF, 254);
            }
        }
        return bytes;
    }

    /** Where the first frame begins. */
    static int frames(byte[] packet, int from, boolean delimited) {
        int at = lengths(packet, from);
        for (int left = writtenLengths(packet, from, delimited); left > 0; left--) {
            at += PacketFraming.lengthBytes(packet, at);
        }
        return at;
    }

    /** How many bytes a frame has: 0 to 1,275; frames count from 0. */
    static int size(byte[] packet, int from, boolean delimited, int frame) {
        int written = writtenLengths(packet, from, delimited);
        int at = lengths(packet, from);
        if (!vbr(packet, from)) {
            return delimited
                    ? PacketFraming.frameLength(packet, at)
                    : (packet.length - padding(packet, from) - at) / count(packet, from);
        }
        int stated = 0;
        for (int i = 0; i < written; i++) {
            int size = PacketFraming.frameLength(packet, at);
            if (i == frame) {
                return size;
            }
            stated += size;
            at += PacketFraming.lengthBytes(packet, at);
        }
        return packet.length - padding(packet, from) - at - stated;
    }

    /** Where a packet that states its own length ends, its padding included. */
    static int end(byte[] packet, int from) {
        int end = frames(packet, from, true) + padding(packet, from);
        for (int frame = count(packet, from) - 1; frame >= 0; frame--) {
            end += size(packet, from, true, frame);
        }
        return end;
    }

    private static int writtenLengths(byte[] packet, int from, boolean delimited) {
        int undelimited = vbr(packet, from) ? count(packet, from) - 1 : 0;
        return delimited ? undelimited + 1 : undelimited;
    }
}
