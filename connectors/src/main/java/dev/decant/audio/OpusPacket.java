package dev.decant.audio;

import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * One Opus packet of one stream, as it came in, with what its carrier said about it. Whether the payload is sound has
 * not been looked at.
 *
 * @param streamId which stream it belongs to; never null or empty
 * @param payload the packet (RFC 6716, section 3); empty: the packet is known to be lost; null: the stream ends here
 * @param sequenceNumber unwrapped, or {@link #ABSENT}; a gap is a loss
 * @param timestamp media time of the first sample, 48 kHz ticks, unwrapped, or {@link #ABSENT}
 * @param head the header of the link that the packet belongs to, or null where the carrier gave none
 * @param link counts the links of a chained stream; a change starts a new link; or {@link #ABSENT}
 * @param trimStart samples to drop from the start of this packet, 48 kHz ticks
 * @param trimEnd samples to drop from its end, 48 kHz ticks
 * @param finalRange the encoder's final range, unsigned 32 bit, or {@link #ABSENT}
 * @param origin whence it came
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
        PacketOrigin origin) {

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

    /** A packet of which nothing is known but its stream and its bytes. */
    public static OpusPacket plain(String streamId, byte[] payload, PacketOrigin origin) {
        Objects.requireNonNull(payload, "payload");
        return new OpusPacket(streamId, payload, ABSENT, ABSENT, null, ABSENT, 0, 0, ABSENT, origin);
    }

    /** The end of a stream. */
    public static OpusPacket end(String streamId, PacketOrigin origin) {
        return new OpusPacket(streamId, null, ABSENT, ABSENT, null, ABSENT, 0, 0, ABSENT, origin);
    }

    /** Whether this is no packet but the end of its stream. */
    public boolean endsStream() {
        return payload == null;
    }

    /** Whether the carrier says that the packet was lost: its time passes, its bytes are not there. */
    public boolean isLost() {
        return payload != null && payload.length == 0;
    }
}
