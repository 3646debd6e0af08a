package dev.decant.rtp;

import java.nio.ByteBuffer;

/** Makes the RTP packets of one sender (RFC 3550, RFC 2198), by the RFCs and without looking at how they are read. */
public final class RtpWriter {
    private final long ssrc;
    private final int payloadType;
    private final int redPayloadType;
    private final boolean marker;
    private final long[] csrcs;
    private final byte[] extension;
    private final int padding;

    /** Of Opus as {@code payloadType}, and of RED as 63. */
    public RtpWriter(long ssrc, int payloadType) {
        this(ssrc, payloadType, RtpSettings.USUAL_RED_PAYLOAD_TYPE, false, new long[0], null, 0);
    }

    private RtpWriter(
            long ssrc,
            int payloadType,
            int redPayloadType,
            boolean marker,
            long[] csrcs,
            byte[] extension,
            int padding) {
        this.ssrc = ssrc;
        this.payloadType = payloadType;
        this.redPayloadType = redPayloadType;
        this.marker = marker;
        this.csrcs = csrcs;
        this.extension = extension;
        this.padding = padding;
    }

    public RtpWriter redPayloadType(int type) {
        return new RtpWriter(ssrc, payloadType, type, marker, csrcs, extension, padding);
    }

    public RtpWriter marker() {
        return new RtpWriter(ssrc, payloadType, redPayloadType, true, csrcs, extension, padding);
    }

    public RtpWriter csrcs(long... contributing) {
        return new RtpWriter(ssrc, payloadType, redPayloadType, marker, contributing, extension, padding);
    }

    /**
     * With an extension of the profile 0xBEDE.
     *
     * @param words a multiple of 4 bytes
     */
    public RtpWriter extension(byte[] words) {
        return new RtpWriter(ssrc, payloadType, redPayloadType, marker, csrcs, words, padding);
    }

    /**
     * With padding.
     *
     * @param bytes 1 to 255
     */
    public RtpWriter padding(int bytes) {
        return new RtpWriter(ssrc, payloadType, redPayloadType, marker, csrcs, extension, bytes);
    }

    /**
     * A packet.
     *
     * @param sequenceNumber its last 16 bits are taken
     * @param timestamp its last 32 bits are taken
     */
    public byte[] packet(long sequenceNumber, long timestamp, byte[] payload) {
        return packet(payloadType, sequenceNumber, timestamp, payload);
    }

    /** A packet with redundant copies in it, which come in the order given. */
    public byte[] red(long sequenceNumber, long timestamp, byte[] primary, Copy... copies) {
        int length = 1 + primary.length;
        for (Copy copy : copies) {
            length += 4 + copy.payload().length;
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        for (Copy copy : copies) {
            int type = copy.payloadType() == Copy.SAME ? payloadType : copy.payloadType();
            payload.putInt(0x8000_0000 | type << 24 | copy.timestampOffset() << 10 | copy.payload().length);
        }
        payload.put((byte) payloadType);
        for (Copy copy : copies) {
            payload.put(copy.payload());
        }
        payload.put(primary);
        return packet(redPayloadType, sequenceNumber, timestamp, payload.array());
    }

    private byte[] packet(int type, long sequenceNumber, long timestamp, byte[] payload) {
        int extensionBytes = extension == null ? 0 : 4 + extension.length;
        ByteBuffer packet = ByteBuffer.allocate(12 + 4 * csrcs.length + extensionBytes + payload.length + padding);
        packet.put((byte) (0x80 | (padding > 0 ? 0x20 : 0) | (extension == null ? 0 : 0x10) | csrcs.length));
        packet.put((byte) ((marker ? 0x80 : 0) | type));
        packet.putShort((short) sequenceNumber);
        packet.putInt((int) timestamp);
        packet.putInt((int) ssrc);
        for (long csrc : csrcs) {
            packet.putInt((int) csrc);
        }
        if (extension != null) {
            packet.putShort((short) 0xBEDE);
            packet.putShort((short) (extension.length / 4));
            packet.put(extension);
        }
        packet.put(payload);
        if (padding > 0) {
            packet.put(packet.capacity() - 1, (byte) padding);
        }
        return packet.array();
    }

    /**
     * A redundant copy.
     *
     * @param payloadType of what it is a copy of
     * @param timestampOffset how much earlier it was, 48 kHz ticks, 0 to 16,383
     * @param payload at most 1,023 bytes
     */
    public record Copy(int payloadType, int timestampOffset, byte[] payload) {
        private static final int SAME = -1;

        /** Of a packet of the payload type that its writer has for Opus. */
        public Copy(int timestampOffset, byte[] payload) {
            this(SAME, timestampOffset, payload);
        }
    }
}
