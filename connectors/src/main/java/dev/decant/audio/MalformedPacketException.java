package dev.decant.audio;

import dev.decant.audio.DeadLetter.Reason;

/**
 * A packet breaks a rule of framing and must not reach a decoder: skip it, conceal its time. The message is one sentence
 * with the numbers. There is no stack trace, since packets come from outside and broken ones may come in floods.
 */
public final class MalformedPacketException extends Exception {

    /** The rules in the order of RFC 6716, section 3.4, and the limit on the size. */
    public enum Rule {
        /** A packet is at least one byte long. */
        R1,
        /** No implicit frame length is larger than 1,275 bytes. */
        R2,
        /** A code 1 packet has an odd length, so that its two frames are of one size. */
        R3,
        /** A code 2 packet holds a whole frame length, and as many bytes as that says. */
        R4,
        /** A code 3 packet holds at least one frame and at most 120 ms. */
        R5,
        /** A code 3 packet of frames of one size holds its padding, and a whole number of bytes a frame. */
        R6,
        /** A code 3 packet of frames of various sizes holds its header, all frames but the last as stated, its padding. */
        R7,
        /** In a packet of several streams all packets but the last hold the lengths and the bytes that they state. */
        B,
        /** The packets of several streams in one last equally long (RFC 7845, section 3). */
        DURATION,
        /** A packet has at most 61,440 bytes a stream (RFC 7845, section 6). */
        SIZE
    }

    private final Rule rule;

    private MalformedPacketException(Rule rule, String message) {
        super(message, null, false, false);
        this.rule = rule;
    }

    /**
     * @param message in the manner of {@link String#format}; where the rule is written down is added
     */
    static MalformedPacketException of(Rule rule, String message, Object... numbers) {
        String source =
                switch (rule) {
                    case SIZE -> "RFC 7845, section 6";
                    case DURATION -> "RFC 7845, section 3";
                    case B -> "RFC 6716, appendix B";
                    default -> "RFC 6716, " + rule;
                };
        return new MalformedPacketException(rule, String.format(message, numbers) + " (" + source + ")");
    }

    /** The same of one of the packets in a packet of several streams; the first is 1. */
    MalformedPacketException inStream(int stream, int streamCount) {
        return new MalformedPacketException(rule, "stream " + stream + " of " + streamCount + ": " + getMessage());
    }

    /** The rule that is broken: the first one found, where there are several. */
    public Rule rule() {
        return rule;
    }

    /** Why the packet goes to the dead letters. */
    public Reason reason() {
        return rule == Rule.SIZE ? Reason.PACKET_TOO_LARGE : Reason.MALFORMED_PACKET;
    }
}
