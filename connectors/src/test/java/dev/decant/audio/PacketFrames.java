package dev.decant.audio;

/**
 * A packet taken apart (RFC 6716, section 3.2). For looking at packets; who only wants to know whether one is sound and
 * how long it lasts asks {@link PacketFraming#duration}, which allocates nothing.
 */
public final class PacketFrames {
    private final Toc toc;
    private final boolean vbr;
    private final int[] offsets;
    private final int[] sizes;
    private final int paddingBytes;

    private PacketFrames(Toc toc, boolean vbr, int[] offsets, int[] sizes, int paddingBytes) {
        this.toc = toc;
        this.vbr = vbr;
        this.offsets = offsets;
        this.sizes = sizes;
        this.paddingBytes = paddingBytes;
    }

    /**
     * Takes a packet apart.
     *
     * @throws MalformedPacketException if it breaks a rule of framing
     */
    public static PacketFrames parse(byte[] packet) throws MalformedPacketException {
        PacketFraming.duration(packet);
        int count = FramePositions.count(packet, 0);
        int[] sizes = new int[count];
        for (int frame = 0; frame < count; frame++) {
            sizes[frame] = FramePositions.size(packet, 0, false, frame);
        }
        int at = FramePositions.frames(packet, 0, false);
        int[] offsets = new int[count];
        for (int frame = 0; frame < count; frame++) {
            offsets[frame] = at;
            at += sizes[frame];
        }
        Toc toc = Toc.of(packet[0]);
        int paddingBytes = toc.code() == 3 ? FramePositions.lengths(packet, 0) - 2 + packet.length - at : 0;
        return new PacketFrames(toc, FramePositions.vbr(packet, 0), offsets, sizes, paddingBytes);
    }

    /** What each of the frames is. */
    public Toc toc() {
        return toc;
    }

    /** Whether the sizes of the frames are written out one by one; false where they are all of one size. */
    public boolean vbr() {
        return vbr;
    }

    /** How many frames there are: 1 to 48. */
    public int count() {
        return sizes.length;
    }

    /** Where a frame begins in the packet, in bytes; frames count from 0. */
    public int offset(int frame) {
        return offsets[frame];
    }

    /** How long a frame is, in bytes: 0 to 1,275. */
    public int size(int frame) {
        return sizes[frame];
    }

    /** The bytes of padding, those that state its length included: P of R6. */
    public int paddingBytes() {
        return paddingBytes;
    }

    /** The length of the packet, 48 kHz ticks. */
    public int duration() {
        return sizes.length * toc.frameTicks();
    }
}
