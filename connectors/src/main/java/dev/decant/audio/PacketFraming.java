package dev.decant.audio;

import dev.decant.audio.MalformedPacketException.Rule;

/**
 * Whether a packet is framed as RFC 6716, section 3 demands, and how long it lasts. What passes here, libopus takes
 * apart without reading beyond its end; what does not pass, never reaches it.
 *
 * <p>With several streams (RFC 7845, section 3) a packet is several packets in one, a packet a stream, of which all but the
 * last say where they end (RFC 6716, appendix B).
 */
public final class PacketFraming {
    /** The longest packet a stream, in bytes (RFC 7845, section 6); what is longer can only be padding. */
    public static final int MAX_PACKET_BYTES = 61_440;

    /** The longest frame in bytes (RFC 6716, section 3.2.1). */
    public static final int MAX_FRAME_BYTES = 1_275;

    static final int VBR_FLAG = 0x80;
    static final int PADDING_FLAG = 0x40;
    static final int FRAME_COUNT_MASK = 0x3F;

    private PacketFraming() {}

    /**
     * Checks a packet of one stream: R1 to R7 and the size. Allocates nothing unless it throws.
     *
     * @return the length of the packet, 48 kHz ticks: 120 (2.5 ms) to 5,760 (120 ms)
     * @throws MalformedPacketException if a rule is broken
     */
    public static int duration(byte[] packet) throws MalformedPacketException {
        return duration(packet, 1);
    }

    /**
     * Checks a packet of several streams: the size, the framing of each of its packets, and that all of them last equally
     * long. Allocates nothing unless it throws.
     *
     * @param streamCount how many, from 1
     * @return the length of the packet, 48 kHz ticks: 120 (2.5 ms) to 5,760 (120 ms)
     * @throws MalformedPacketException if a rule is broken; the message says in which stream
     */
    public static int duration(byte[] packet, int streamCount) throws MalformedPacketException {
        if (packet.length == 0) {
            throw MalformedPacketException.of(Rule.R1, "the packet is empty: at least 1 byte is needed");
        }
        int limit = streamCount * MAX_PACKET_BYTES;
        if (packet.length > limit) {
            throw MalformedPacketException.of(
                    Rule.SIZE, "the packet has %d bytes: at most %d can be Opus", packet.length, limit);
        }
        int ticks = 0;
        int from = 0;
        for (int stream = 1; stream <= streamCount; stream++) {
            int streamTicks;
            int end = packet.length;
            try {
                if (stream < streamCount) {
                    end = SelfDelimitedFraming.check(packet, from);
                    streamTicks = statedDuration(packet, from);
                } else {
                    streamTicks = checkUndelimited(packet, from);
                }
            } catch (MalformedPacketException refusal) {
                throw streamCount == 1 ? refusal : refusal.inStream(stream, streamCount);
            }
            if (stream > 1 && streamTicks != ticks) {
                throw MalformedPacketException.of(
                        Rule.DURATION,
                        "stream %d of %d lasts %d ticks, and the first %d: all must be of one length",
                        stream,
                        streamCount,
                        streamTicks,
                        ticks);
            }
            ticks = streamTicks;
            from = end;
        }
        return ticks;
    }

    /**
     * What a packet says it lasts, in its first two bytes; the rest is not looked at. With several streams in a packet
     * the first speaks for all.
     *
     * @return 48 kHz ticks: 120 (2.5 ms) to 5,760 (120 ms), or 0 if it is empty or breaks R5, so that nothing can tell
     */
    public static int statedDuration(byte[] packet) {
        return packet.length == 0 ? 0 : statedDuration(packet, 0);
    }

    private static int statedDuration(byte[] packet, int from) {
        Toc toc = Toc.of(packet[from]);
        int frames = toc.code() == 0 ? 1 : 2;
        if (toc.code() == 3) {
            frames = packet.length == from + 1 ? 0 : packet[from + 1] & FRAME_COUNT_MASK;
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

    /** The packet from {@code from} to the end. Answers with its ticks. */
    private static int checkUndelimited(byte[] packet, int from) throws MalformedPacketException {
        int length = packet.length - from;
        if (length == 0) {
            throw MalformedPacketException.of(Rule.R1, "nothing is left for a packet: at least 1 byte is needed");
        }
        Toc toc = Toc.of(packet[from]);
        switch (toc.code()) {
            case 0:
                requireFrameFits(length - 1);
                return toc.frameTicks();
            case 1:
                if ((length & 1) == 0) {
                    throw MalformedPacketException.of(
                            Rule.R3, "a code 1 packet has %d bytes: two frames of one size need an odd number", length);
                }
                requireFrameFits((length - 1) / 2);
                return 2 * toc.frameTicks();
            case 2:
                checkTwoFrames(packet, from);
                return 2 * toc.frameTicks();
            default:
                return checkManyFrames(packet, from, toc.frameTicks());
        }
    }

    /** Code 2 (section 3.2.4): one length, two frames. */
    private static void checkTwoFrames(byte[] packet, int from) throws MalformedPacketException {
        int length = packet.length - from;
        if (length < 2 || length < 1 + lengthBytes(packet, from + 1)) {
            throw MalformedPacketException.of(
                    Rule.R4, "a code 2 packet of %d bytes ends within its frame length", length);
        }
        int first = frameLength(packet, from + 1);
        int left = length - 1 - lengthBytes(packet, from + 1);
        if (first > left) {
            throw MalformedPacketException.of(
                    Rule.R4, "a code 2 packet states a first frame of %d bytes: only %d are left", first, left);
        }
        requireFrameFits(left - first);
    }

    /** Code 3 (section 3.2.5): a frame count, padding, lengths, frames. */
    private static int checkManyFrames(byte[] packet, int from, int frameTicks) throws MalformedPacketException {
        checkFrameCount(packet, from, frameTicks);
        int length = packet.length - from;
        boolean vbr = (packet[from + 1] & VBR_FLAG) != 0;
        int frames = packet[from + 1] & FRAME_COUNT_MASK;
        int at = from + 2;
        int end = packet.length;
        if ((packet[from + 1] & PADDING_FLAG) != 0) {
            Rule rule = vbr ? Rule.R7 : Rule.R6;
            int octet;
            do {
                if (at >= end) {
                    throw MalformedPacketException.of(
                            rule, "a code 3 packet of %d bytes ends within its padding length", length);
                }
                octet = packet[at++] & 0xFF;
                end -= Math.min(octet, 254);
            } while (octet == 255);
            if (at > end) {
                throw MalformedPacketException.of(
                        rule,
                        "a code 3 packet of %d bytes states %d bytes of padding: only %d are left",
                        length,
                        packet.length - end,
                        packet.length - at);
            }
        }
        if (vbr) {
            checkLengths(packet, at, end, frames);
        } else {
            int bytes = end - at;
            if (bytes % frames != 0) {
                throw MalformedPacketException.of(
                        Rule.R6, "a code 3 packet divides %d bytes into %d frames of one size", bytes, frames);
            }
            requireFrameFits(bytes / frames);
        }
        return frames * frameTicks;
    }

    /** The second byte of a code 3 packet. */
    static void checkFrameCount(byte[] packet, int from, int frameTicks) throws MalformedPacketException {
        if (packet.length < from + 2) {
            throw MalformedPacketException.of(Rule.R6, "a code 3 packet has 1 byte: at least 2 are needed");
        }
        int frames = packet[from + 1] & FRAME_COUNT_MASK;
        int ticks = frames * frameTicks;
        if (frames == 0) {
            throw MalformedPacketException.of(Rule.R5, "a code 3 packet holds 0 frames: at least 1 is needed");
        }
        if (ticks > MediaClock.MAX_PACKET_TICKS) {
            throw MalformedPacketException.of(
                    Rule.R5,
                    "a code 3 packet holds %d frames, %d ticks in all: at most %d ticks (120 ms) are allowed",
                    frames,
                    ticks,
                    MediaClock.MAX_PACKET_TICKS);
        }
    }

    /** The lengths of all frames but the last, from {@code at} on; {@code end} is where the padding begins. */
    private static void checkLengths(byte[] packet, int at, int end, int frames) throws MalformedPacketException {
        int stated = 0;
        for (int frame = 0; frame < frames - 1; frame++) {
            if (at >= end || at + lengthBytes(packet, at) > end) {
                throw MalformedPacketException.of(
                        Rule.R7, "a code 3 packet ends within the length of frame %d of %d", frame + 1, frames);
            }
            stated += frameLength(packet, at);
            at += lengthBytes(packet, at);
        }
        int left = end - at;
        if (stated > left) {
            throw MalformedPacketException.of(
                    Rule.R7, "a code 3 packet states frames of %d bytes: only %d are left", stated, left);
        }
        requireFrameFits(left - stated);
    }

    /** R2: a length that follows from the length of the packet may not be longer than one that can be written. */
    private static void requireFrameFits(int bytes) throws MalformedPacketException {
        if (bytes > MAX_FRAME_BYTES) {
            throw MalformedPacketException.of(
                    Rule.R2, "a frame has %d bytes: at most %d are allowed", bytes, MAX_FRAME_BYTES);
        }
    }
}
