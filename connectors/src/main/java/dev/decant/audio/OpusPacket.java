package dev.decant.audio;

import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * One Opus packet of one stream, as it came in, with what its carrier said about it. Whether the payload is sound has
 * not been looked at.
 *
 * @param streamId which stream it belongs to; never null or empty
 * @param payload the packet (RFC 6716, section 3); empty: the packet is known to be lost; null: the stream ends here
 * @param sequenceNumber or {@link #ABSENT}; a gap is a loss. Unwrapped, but of a packet of RTP its 16 bits: only who sees all
 *     packets of a stream can unwrap them
 * @param timestamp media time of the first sample, 48 kHz ticks, or {@link #ABSENT}. Unwrapped, but of a packet of RTP its 32
 *     bits
 * @param head the header of the link that the packet belongs to, or null where the carrier gave none
 * @param link counts the links of a chained stream; a change starts a new link; or {@link #ABSENT}
 * @param trimStart samples to drop from the start of this packet, 48 kHz ticks
 * @param trimEnd samples to drop from its end, 48 kHz ticks
 * @param finalRange the encoder's final range, unsigned 32 bit, or {@link #ABSENT}
 * @param origin whence it came
 * @param rtp what RTP says besides, or null if the packet did not come by RTP
 */
public record OpusPacket(
        String streamId,
        byte[] payload,
        long sequenceNumber,
        long timestamp,
        OpusHead head,
        long link,
        int trimStart,
        int trimEnd,
        long finalRange,
        PacketOrigin origin,
        RtpCarrier rtp) {

    /** The value of a number that the carrier did not give. */
    public static final long ABSENT = Long.MIN_VALUE;

    /** The Flink type, with its versioned serializer. */
    public static final TypeInformation<OpusPacket> TYPE =
            new RecordTypeInfo<>(OpusPacket.class, OpusPacketSerializer.INSTANCE);

    public OpusPacket {
        Objects.requireNonNull(streamId, "streamId");
        Objects.requireNonNull(origin, "origin");
        if (streamId.isEmpty()) {
            throw new IllegalArgumentException("the stream ID is empty: take at least 1 character");
        }
        if (trimStart < 0 || trimEnd < 0) {
            throw new IllegalArgumentException(
                    "trimming of " + trimStart + " and " + trimEnd + " ticks: neither may be negative");
        }
    }

    /** A packet that did not come by RTP. */
    public OpusPacket(
            String streamId,
            byte[] payload,
            long sequenceNumber,
            long timestamp,
            OpusHead head,
            long link,
            int trimStart,
            int trimEnd,
            long finalRange,
            PacketOrigin origin) {
        this(streamId, payload, sequenceNumber, timestamp, head, link, trimStart, trimEnd, finalRange, origin, null);
    }

    /** A packet of which nothing is known but its stream and its bytes. */
    public static OpusPacket plain(String streamId, byte[] payload, PacketOrigin origin) {
        Objects.requireNonNull(payload, "payload");
        return new OpusPacket(streamId, payload, ABSENT, ABSENT, null, ABSENT, 0, 0, ABSENT, origin);
    }

    /** The end of a stream. */
    public static OpusPacket end(String streamId, PacketOrigin origin) {
        return new OpusPacket(streamId, null, ABSENT, ABSENT, null, ABSENT, 0, 0, ABSENT, origin);
    }

    /** The same packet, come from somewhere else. */
    public OpusPacket from(PacketOrigin other) {
        return new OpusPacket(
                streamId, payload, sequenceNumber, timestamp, head, link, trimStart, trimEnd, finalRange, other, rtp);
    }

    /** The key of the record that the packet came with: its stream ID, unless that was split from others by SSRC. */
    public String recordKey() {
        return rtp == null ? streamId : rtp.key(streamId);
    }

    /** The value of the record that the packet came with: the packet itself, or the RTP packet that it was in. */
    public byte[] recordValue() {
        return rtp == null ? payload : rtp.record();
    }

    /** Whether this is no packet but the end of its stream. */
    public boolean endsStream() {
        return payload == null;
    }

    /** Whether this is a copy that came with a later packet (RFC 2198). */
    public boolean isRedundant() {
        return rtp != null && rtp.redundant();
    }

    /** Whether the carrier says that the packet was lost: its time passes, its bytes are not there. */
    public boolean isLost() {
        return payload != null && payload.length == 0 && rtp == null;
    }

    /**
     * Whether this takes a sequence number and nothing else: a packet of RTP without a payload, or with one that is not
     * Opus.
     */
    public boolean isNumberOnly() {
        return payload != null && payload.length == 0 && rtp != null;
    }
}
