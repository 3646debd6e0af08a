package dev.decant.audio;

import java.util.Arrays;

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
        int count = PacketFraming.duration(packet) / Toc.of(packet[0]).frameTicks();
        Toc toc = Toc.of(packet[0]);
        int at = 1;
        int end = packet.length;
        boolean vbr = toc.code() == 2;
        int paddingBytes = 0;
        if (toc.code() == 3) {
            vbr = (packet[1] & PacketFraming.VBR_FLAG) != 0;
            at = 2;
            if ((packet[1] & PacketFraming.PADDING_FLAG) != 0) {
                int octet;
                do {
                    octet = packet[at++] & 0xFF;
                    end -= Math.min(octet, 254);
                } while (octet == 255);
            }
            paddingBytes = at - 2 + packet.length - end;
        }
        int[] sizes = new int[count];
        if (vbr) {
            int stated = 0;
            for (int frame = 0; frame < count - 1; frame++) {
                sizes[frame] = PacketFraming.frameLength(packet, at);
                stated += sizes[frame];
                at += PacketFraming.lengthBytes(packet, at);
            }
            sizes[count - 1] = end - at - stated;
        } else {
            Arrays.fill(sizes, (end - at) / count);
        }
        int[] offsets = new int[count];
        for (int frame = 0; frame < count; frame++) {
            offsets[frame] = at;
            at += sizes[frame];
        }
        return new PacketFrames(toc, vbr, offsets, sizes, paddingBytes);
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

    /**
     * Whether the encoder sent nothing on purpose (discontinuous transmission): no frame has more than 1 byte. The
     * decoder makes comfort noise of it; it is no loss.
     */
    public boolean isDtx() {
        for (int size : sizes) {
            if (size > 1) {
                return false;
            }
        }
        return true;
    }
}
