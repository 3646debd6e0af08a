package dev.decant.audio;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The headers of a packet record, all optional, values UTF-8 text. The record's key is the stream ID, its value one
 * Opus packet; an empty value is a lost packet, a null value ends the stream. Of a header that is there twice the last
 * one counts.
 *
 * <p>If the value is an RTP packet, only {@link #HEAD}, {@link #LINK} and {@link #SSRC} count; a lost packet then is one that
 * is not there, and an empty value is none.
 */
public final class PacketHeaders {
    /** Sequence number, unwrapped signed 64 bit, decimal; a gap is a loss. */
    public static final String SEQUENCE_NUMBER = "opus.seq";

    /** Media time of the packet's first sample, 48 kHz ticks, unwrapped signed 64 bit, decimal. */
    public static final String TIMESTAMP = "opus.timestamp";

    /** Base64 of the OpusHead packet (RFC 7845, section 5.1). */
    public static final String HEAD = "opus.head";

    /** Signed 64 bit, decimal; a change starts a new link. */
    public static final String LINK = "opus.link";

    /** Samples to drop from the start of this packet, 48 kHz ticks, decimal, 0 to 2,147,483,647. */
    public static final String TRIM_START = "opus.trim-start";

    /** Samples to drop from the end of this packet, 48 kHz ticks, decimal, 0 to 2,147,483,647. */
    public static final String TRIM_END = "opus.trim-end";

    /** The encoder's final range, unsigned 32 bit, decimal. */
    public static final String FINAL_RANGE = "opus.final-range";

    /**
     * Of a null value whose key stands for several streams of RTP, one an SSRC: the SSRC of the stream that ends, unsigned 32
     * bit, decimal.
     */
    public static final String SSRC = "rtp.ssrc";

    private PacketHeaders() {}

    /** The headers that say of a packet what its other fields say: none for what is absent. */
    public static List<CarrierHeader> of(OpusPacket packet) {
        List<CarrierHeader> headers = new ArrayList<>();
        // RTP has number and time in the packet itself, and trimming and final range not at all.
        boolean isRtp = packet.rtp() != null;
        if (!isRtp) {
            addUnless(OpusPacket.ABSENT, SEQUENCE_NUMBER, packet.sequenceNumber(), headers);
            addUnless(OpusPacket.ABSENT, TIMESTAMP, packet.timestamp(), headers);
        }
        if (packet.head() != null) {
            headers.add(new CarrierHeader(
                    HEAD, Base64.getEncoder().encode(packet.head().toBytes())));
        }
        addUnless(OpusPacket.ABSENT, LINK, packet.link(), headers);
        if (!isRtp) {
            addUnless(0, TRIM_START, packet.trimStart(), headers);
            addUnless(0, TRIM_END, packet.trimEnd(), headers);
            addUnless(OpusPacket.ABSENT, FINAL_RANGE, packet.finalRange(), headers);
        }
        return headers;
    }

    private static void addUnless(long absent, String name, long value, List<CarrierHeader> headers) {
        if (value != absent) {
            headers.add(new CarrierHeader(name, Long.toString(value).getBytes(StandardCharsets.US_ASCII)));
        }
    }
}
