package dev.decant.rtp;

/**
 * The header of an RTP packet (RFC 3550, section 5.1), as far as it matters to Opus, and where its payload stands.
 *
 * @param payloadType 0 to 127
 * @param sequenceNumber 16 bit
 * @param timestamp unsigned 32 bit, 48 kHz ticks (RFC 7587, section 4.1)
 * @param ssrc the synchronization source, unsigned 32 bit
 * @param payloadStart the index of the payload's first byte
 * @param payloadEnd the index behind its last one; padding begins there
 */
record RtpHeader(int payloadType, int sequenceNumber, long timestamp, long ssrc, int payloadStart, int payloadEnd) {
    private static final int VERSION = 2;
    private static final int FIXED_BYTES = 12;
    private static final int CSRC_BYTES = 4;
    private static final int EXTENSION_HEADER_BYTES = 4;
    private static final int EXTENSION_WORD_BYTES = 4;
    private static final int RTCP_HEADER_BYTES = 4;

    /** More fits into no UDP datagram, and no frame of RTP over TCP (RFC 4571). */
    private static final int MAX_BYTES = 65_535;

    /**
     * Whether {@code packet} is RTCP, which may share RTP's port. Its packet types, 192 to 223, stand where RTP has marker
     * and payload type, and take those from 64 to 95 (RFC 5761, section 4).
     */
    static boolean isRtcp(byte[] packet) {
        return packet.length >= RTCP_HEADER_BYTES
                && version(packet) == VERSION
                && (packet[1] & 0x80) != 0
                && isTakenByRtcp(packet[1] & 0x7F);
    }

    /** Whether a payload type cannot be told from RTCP if the marker stands beside it. */
    static boolean isTakenByRtcp(int payloadType) {
        return payloadType >= 64 && payloadType <= 95;
    }

    /**
     * The header of {@code packet}, which is not RTCP.
     *
     * @throws MalformedRtpException if a length goes beyond the end, or this is another protocol
     */
    static RtpHeader parse(byte[] packet) throws MalformedRtpException {
        if (packet.length > MAX_BYTES) {
            throw new MalformedRtpException(
                    "the record has " + packet.length + " bytes: an RTP packet has at most " + MAX_BYTES);
        }
        if (packet.length < FIXED_BYTES) {
            throw new MalformedRtpException("the record has " + packet.length
                    + " bytes: the header of an RTP packet has " + FIXED_BYTES + " (RFC 3550, section 5.1)");
        }
        if (version(packet) != VERSION) {
            throw new MalformedRtpException(
                    "the record says version " + version(packet) + ": an RTP packet says 2 (RFC 3550, section 5.1)");
        }
        int payloadStart = payloadStart(packet);
        return new RtpHeader(
                packet[1] & 0x7F,
                unsigned16(packet, 2),
                unsigned32(packet, 4),
                unsigned32(packet, 8),
                payloadStart,
                packet.length - paddingBytes(packet, payloadStart));
    }

    boolean hasPayload() {
        return payloadEnd > payloadStart;
    }

    private static int version(byte[] packet) {
        return (packet[0] & 0xFF) >> 6;
    }

    /** Behind the list of CSRCs and the extension. */
    private static int payloadStart(byte[] packet) throws MalformedRtpException {
        int csrcCount = packet[0] & 0x0F;
        int start = FIXED_BYTES + csrcCount * CSRC_BYTES;
        if (start > packet.length) {
            throw new MalformedRtpException("the RTP packet has " + packet.length + " bytes: with " + csrcCount
                    + " CSRCs its header has " + start + " (RFC 3550, section 5.1)");
        }
        boolean hasExtension = (packet[0] & 0x10) != 0;
        if (!hasExtension) {
            return start;
        }
        int extension = start + EXTENSION_HEADER_BYTES;
        if (extension > packet.length) {
            throw new MalformedRtpException("the RTP packet has " + packet.length
                    + " bytes: the header of its extension" + " ends at " + extension + " (RFC 3550, section 5.3.1)");
        }
        int end = extension + unsigned16(packet, extension - 2) * EXTENSION_WORD_BYTES;
        if (end > packet.length) {
            throw new MalformedRtpException("the RTP packet has " + packet.length + " bytes: its extension ends at "
                    + end + " (RFC 3550, section 5.3.1)");
        }
        return end;
    }

    /** The last byte of the padding counts it, itself included. */
    private static int paddingBytes(byte[] packet, int payloadStart) throws MalformedRtpException {
        boolean hasPadding = (packet[0] & 0x20) != 0;
        if (!hasPadding) {
            return 0;
        }
        int behindHeader = packet.length - payloadStart;
        int padding = behindHeader == 0 ? 0 : packet[packet.length - 1] & 0xFF;
        if (padding == 0 || padding > behindHeader) {
            throw new MalformedRtpException("the RTP packet has " + behindHeader + " bytes behind its header, and "
                    + padding + " of padding: take 1 to as many as there are (RFC 3550, section 5.1)");
        }
        return padding;
    }

    private static int unsigned16(byte[] packet, int index) {
        return (packet[index] & 0xFF) << 8 | packet[index + 1] & 0xFF;
    }

    private static long unsigned32(byte[] packet, int index) {
        return (long) unsigned16(packet, index) << 16 | unsigned16(packet, index + 2);
    }
}
