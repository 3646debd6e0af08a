package dev.decant.audio;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * A record that could not be used, as it came, with whence it came and why: nothing is lost.
 *
 * @param key the key as it came, or null
 * @param value the value as it came, or null
 * @param headers as they came, those that nobody knows too; of a packet, those that say what was known of it
 * @param origin whence it came
 * @param stage which step of the job gave it up
 * @param reason why, in a word that programs can sort by
 * @param message why, in a sentence for people
 */
public record DeadLetter(
        byte[] key,
        byte[] value,
        List<CarrierHeader> headers,
        PacketOrigin origin,
        Stage stage,
        Reason reason,
        String message) {

    /** Which step of the job gave the record up. */
    public enum Stage {
        /** Reading the record: its key, its headers, and RTP. */
        READ,
        /** Putting packets in order and checking their framing. */
        SEQUENCE,
        /** Decoding. */
        DECODE
    }

    /** Why a record could not be used. */
    public enum Reason {
        /** The key is no stream ID: missing, empty, too long, or not UTF-8. */
        MALFORMED_KEY,
        /** A header does not hold what the contract says. */
        MALFORMED_HEADER,
        /** The packet breaks a framing rule of RFC 6716, section 3.4 or, with several streams in it, appendix B. */
        MALFORMED_PACKET,
        /** The packet is longer than any Opus packet can be. */
        PACKET_TOO_LARGE,
        /** The record is no RTP packet (RFC 3550), or its redundant blocks are none (RFC 2198). */
        MALFORMED_RTP,
        /** The packet came after its time had been given out: too late to be put in order. */
        LATE_PACKET,
        /** Neither the stream goes on with the packet, by its number and its media time, nor did a new beginning follow. */
        STRAY_PACKET,
        /** The packet is of another synchronization source than the one that the stream follows. */
        OTHER_SSRC,
        /** The link has more Opus streams than it may, or channels that cannot be mixed as they should be. */
        UNSUPPORTED_STREAM,
        /** The framing is sound, but the decoder refused the packet. */
        REJECTED_BY_DECODER,
        /** The packet crashed native code, or hung it, twice: the second time in a process made for it. */
        CRASHED_DECODER
    }

    /** The Flink type, with its versioned serializer. */
    public static final TypeInformation<DeadLetter> TYPE =
            new RecordTypeInfo<>(DeadLetter.class, DeadLetterSerializer.INSTANCE);

    public DeadLetter {
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
    }

    /** The dead letter of a packet: key and value as they came. */
    public static DeadLetter of(OpusPacket packet, Stage stage, Reason reason, String message) {
        return new DeadLetter(
                packet.recordKey().getBytes(StandardCharsets.UTF_8),
                packet.recordValue(),
                PacketHeaders.of(packet),
                packet.origin(),
                stage,
                reason,
                message);
    }
}
