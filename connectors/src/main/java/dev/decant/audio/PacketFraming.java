package dev.decant.audio;

import dev.decant.audio.MalformedPacketException.Rule;

/**
 * Whether a packet is framed as RFC 6716, section 3 demands, and how long it lasts. What passes here, libopus takes
 * apart without reading beyond its end; what does not pass, never reaches it.
 *
 * <p>A packet of a multistream recording is several packets in one, all but the last with their length in front (RFC
 * 6716, appendix B): {@link #duration} is not for those, {@link #statedDuration} is.
 */
public final class PacketFraming {
    /** The longest packet a stream, in bytes (RFC 7845, section 6); what is longer can only be padding. */
    public static final int MAX_PACKET_BYTES = 61_440;

    /** The longest frame in bytes (RFC 6716, section 3.2.1). */
    public static final int MAX_FRAME_BYTES = 1_275;

    /** The most frames a packet: 120 ms of 2.5 ms each. */
    public static final int MAX_FRAMES = 48;

    static final int VBR_FLAG = 0x80;
    static final int PADDING_FLAG = 0x40;
    static final int FRAME_COUNT_MASK = 0x3F;

    private PacketFraming() {}

    /**
     * Checks R1 to R7 and the size. Allocates nothing unless it throws.
     *
     * @return the length of the packet, 48 kHz ticks: 120 (2.5 ms) to 5,760 (120 ms)
     * @throws MalformedPacketException if a rule is broken
     */
    public static int duration(byte[] packet) throws MalformedPacketException {
        int length = packet.length;
        if (length == 0) {
            throw new MalformedPacketException(Rule.R1, "the packet is empty: at least 1 byte is needed");
        }
        if (length > MAX_PACKET_BYTES) {
            throw broken(Rule.SIZE, "the packet has %d bytes: at most %d can be Opus", length, MAX_PACKET_BYTES);
        }
        Toc toc = Toc.of(packet[0]);
        switch (toc.code()) {
            case 0:
                requireFrameFits(length - 1);
                return toc.frameTicks();
            case 1:
                if ((length & 1) == 0) {
                    throw broken(
                            Rule.R3, "a code 1 packet has %d bytes: two frames of one size need an odd number", length);
                }
                requireFrameFits((length - 1) / 2);
                return 2 * toc.frameTicks();
            case 2:
                checkTwoFrames(packet);
                return 2 * toc.frameTicks();
            default:
                return checkManyFrames(packet, toc.frameTicks());
        }
    }

    /**
     * What a packet says it lasts, in its first two bytes; the rest is not looked at. With several streams in a packet
     * the first speaks for all.
     *
     * @return 48 kHz ticks: 120 (2.5 ms) to 5,760 (120 ms), or 0 if it is empty or breaks R5, so that nothing can tell
     */
    public static int statedDuration(byte[] packet) {
        if (packet.length == 0) {
            return 0;
        }
        Toc toc = Toc.of(packet[0]);
        int frames = toc.code() == 0 ? 1 : 2;
        if (toc.code() == 3) {
            frames = packet.length == 1 ? 0 : packet[1] & FRAME_COUNT_MASK;
        }
        int ticks = frames * toc.frameTicks();
        return ticks > MediaClock.MAX_PACKET_TICKS ? 0 : ticks;
    }

    /** Bytes that the frame length at {@code at} takes: 1 or 2 (section 3.2.1). */
    static int lengthBytes(byte[] packet, int at) {
        return (packet[at] & 0xFF) < 252 ? 1 : 2;
    }

    /** The frame length at {@code at}: 0 to 1,275 bytes (section 3.2.1). */
    static int frameLength(byte[] packet, int at) {
        int first = packet[at] & 0xFF;
        return first < 252 ? first : first + 4 * (packet[at + 1] & 0xFF);
    }

    /** Code 2 (section 3.2.4): one length, two frames. */
    private static void checkTwoFrames(byte[] packet) throws MalformedPacketException {
        int length = packet.length;
        if (length < 2 || length < 1 + lengthBytes(packet, 1)) {
            throw broken(Rule.R4, "a code 2 packet of %d bytes ends within its frame length", length);
        }
        int first = frameLength(packet, 1);
        int left = length - 1 - lengthBytes(packet, 1);
        if (first > left) {
            throw broken(Rule.R4, "a code 2 packet states a first frame of %d bytes: only %d are left", first, left);
        }
        requireFrameFits(left - first);
    }

    /** Code 3 (section 3.2.5): a frame count, padding, lengths, frames. */
    private static int checkManyFrames(byte[] packet, int frameTicks) throws MalformedPacketException {
        int length = packet.length;
        if (length < 2) {
            throw broken(Rule.R6, "a code 3 packet has 1 byte: at least 2 are needed");
        }
        boolean vbr = (packet[1] & VBR_FLAG) != 0;
        int frames = packet[1] & FRAME_COUNT_MASK;
        int ticks = frames * frameTicks;
        if (frames == 0) {
            throw broken(Rule.R5, "a code 3 packet holds 0 frames: at least 1 is needed");
        }
        if (ticks > MediaClock.MAX_PACKET_TICKS) {
            throw broken(
                    Rule.R5,
                    "a code 3 packet holds %d frames, %d ticks in all: at most %d ticks (120 ms) are allowed",
                    frames,
                    ticks,
                    MediaClock.MAX_PACKET_TICKS);
        }
        int at = 2;
        int end = length;
        if ((packet[1] & PADDING_FLAG) != 0) {
            Rule rule = vbr ? Rule.R7 : Rule.R6;
            int octet;
            do {
                if (at >= end) {
                    throw broken(rule, "a code 3 packet of %d bytes ends within its padding length", length);
                }
                octet = packet[at++] & 0xFF;
                end -= Math.min(octet, 254);
            } while (octet == 255);
            if (at > end) {
                throw broken(
                        rule,
                        "a code 3 packet of %d bytes states %d bytes of padding: only %d are left",
                        length,
                        length - end,
                        length - at);
            }
        }
        if (vbr) {
            checkLengths(packet, at, end, frames);
        } else {
            int bytes = end - at;
            if (bytes % frames != 0) {
                throw broken(Rule.R6, "a code 3 packet divides %d bytes into %d frames of one size", bytes, frames);
            }
            requireFrameFits(bytes / frames);
        }
        return ticks;
    }

    /** The lengths of all frames but the last, from {@code at} on; {@code end} is where the padding begins. */
    private static void checkLengths(byte[] packet, int at, int end, int frames) throws MalformedPacketException {
        int stated = 0;
        for (int frame = 0; frame < frames - 1; frame++) {
            if (at >= end || at + lengthBytes(packet, at) > end) {
                throw broken(Rule.R7, "a code 3 packet ends within the length of frame %d of %d", frame + 1, frames);
            }
            stated += frameLength(packet, at);
            at += lengthBytes(packet, at);
        }
        int left = end - at;
        if (stated > left) {
            throw broken(Rule.R7, "a code 3 packet states frames of %d bytes: only %d are left", stated, left);
        }
        requireFrameFits(left - stated);
    }

    /** R2: a length that follows from the length of the packet may not be longer than one that can be written. */
    private static void requireFrameFits(int bytes) throws MalformedPacketException {
        if (bytes > MAX_FRAME_BYTES) {
            throw broken(Rule.R2, "a frame has %d bytes: at most %d are allowed", bytes, MAX_FRAME_BYTES);
        }
    }

    private static MalformedPacketException broken(Rule rule, String message, Object... numbers) {
        return new MalformedPacketException(rule, String.format(message, numbers));
    }
}
