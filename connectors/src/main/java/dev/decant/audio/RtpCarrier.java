package dev.decant.audio;

import java.util.Objects;

/**
 * What RTP says of an Opus packet besides its sequence number and its timestamp (RFC 3550, section 5.1; RFC 7587).
 *
 * @param ssrc the synchronization source, unsigned 32 bit
 * @param redundant whether the packet is a copy that came with a later one (RFC 2198): of use only where the original is
 *     missing
 * @param split whether the SSRC tells the stream from others of the same key: the stream ID is not the key of the record, but
 *     begins with it
 * @param record the whole RTP packet, which goes to the dead letters if its payload cannot be used; not to be changed. Of a copy
 *     nothing: the packet that it came with answers for the record
 */
public record RtpCarrier(long ssrc, boolean redundant, boolean split, byte[] record) {
    /** The greatest SSRC. */
    public static final long MAX_SSRC = 0xFFFF_FFFFL;

    /** What stands between key and SSRC in the ID of a stream that is split from others: {@code alice.ssrc-3735928559}. */
    private static final String SSRC_MARK = ".ssrc-";

    public RtpCarrier {
        Objects.requireNonNull(record, "record");
    }

    /** Of a packet whose stream ID is the key of the record. */
    public RtpCarrier(long ssrc, boolean redundant, byte[] record) {
        this(ssrc, redundant, false, record);
    }

    /**
     * The ID of the stream of one of several SSRCs under a key, which is in decimal, as WebRTC's statistics show it.
     *
     * @param ssrc unsigned 32 bit
     */
    public static String splitStreamId(String key, long ssrc) {
        return key + SSRC_MARK + ssrc;
    }

    /** The ID of the stream that a packet belongs to whose record has this key. */
    public String streamId(String key) {
        return split ? splitStreamId(key, ssrc) : key;
    }

    /** The key of the record of a packet that belongs to this stream. */
    String key(String streamId) {
        return split
                ? streamId.substring(
                        0, streamId.length() - splitStreamId("", ssrc).length())
                : streamId;
    }
}
