package dev.decant.audio;

/**
 * What a packet carries besides the sound of its own time, seen without decoding it. For packets that have passed
 * {@link PacketFraming#duration(byte[], int)} with the same number of streams; what is asked of others may fail in any
 * way. Allocates nothing.
 */
public final class PacketContents {
    /** 20 ms (RFC 6716, section 4.2.2). */
    private static final int SILK_FRAME_TICKS = 960;

    private PacketContents() {}

    /**
     * Whether the encoder sent nothing on purpose (discontinuous transmission): no frame of any stream has more than 1
     * byte. The decoder makes comfort noise of it; it is no loss.
     *
     * @param streamCount streams in the packet, from 1
     */
    public static boolean isDtx(byte[] packet, int streamCount) {
        int from = 0;
        for (int stream = 1; stream < streamCount; stream++) {
            if (!isDtx(packet, from, true)) {
                return false;
            }
            from = FramePositions.end(packet, from);
        }
        return isDtx(packet, from, false);
    }

    /**
     * Whether, in any stream, the packet carries the frame before it a second time (low bit-rate redundancy, LBRR: RFC
     * 6716, section 4.2.4). Asked to recover that frame from a packet without it, libopus conceals and says nothing.
     *
     * <p>As {@code opus_packet_has_lbrr} of libopus 1.5 decides, except that a first frame of 1 byte has none: it is too
     * short to be decoded (opus_decoder.c conceals it), whatever its bits are.
     *
     * @param streamCount streams in the packet, from 1
     */
    public static boolean hasLbrr(byte[] packet, int streamCount) {
        int from = 0;
        for (int stream = 1; stream < streamCount; stream++) {
            if (hasLbrr(packet, from, true)) {
                return true;
            }
            from = FramePositions.end(packet, from);
        }
        return hasLbrr(packet, from, false);
    }

    private static boolean isDtx(byte[] packet, int from, boolean delimited) {
        for (int frame = FramePositions.count(packet, from) - 1; frame >= 0; frame--) {
            if (FramePositions.size(packet, from, delimited, frame) > 1) {
                return false;
            }
        }
        return true;
    }

    /**
     * A SILK or hybrid frame begins with a bit of voice activity for each of its 20 ms, then one that says whether there is
     * LBRR; in stereo the same follows for the side (RFC 6716, section 4.2.3). These bits, each of even chances, are the
     * highest of the first byte.
     */
    private static boolean hasLbrr(byte[] packet, int from, boolean delimited) {
        Toc toc = Toc.of(packet[from]);
        if (toc.mode() == Toc.Mode.CELT || FramePositions.size(packet, from, delimited, 0) <= 1) {
            return false;
        }
        int silkFrames = Math.max(1, toc.frameTicks() / SILK_FRAME_TICKS);
        int first = packet[FramePositions.frames(packet, from, delimited)];
        boolean mid = (first >> (7 - silkFrames) & 1) != 0;
        boolean side = toc.stereo() && (first >> (6 - 2 * silkFrames) & 1) != 0;
        return mid || side;
    }
}
