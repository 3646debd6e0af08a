package dev.decant.decode;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.RecordTypeInfo;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * One thing that a decoder is asked to do, and where its samples stand in the stream. All times are 48 kHz ticks on the
 * clock of the segment, which runs from 0 with the first sample that the decoder gives, pre-skip included.
 *
 * @param streamId the stream
 * @param kind what to do
 * @param packet with {@link Kind#PACKET} the packet, framing checked; with {@link Kind#FEC} the one after the lost one;
 *     null otherwise
 * @param link what holds for the whole link
 * @param segment counts up from 0 whenever the stream starts anew
 * @param start time of the first sample that the step gives
 * @param ticks how long the step lasts
 * @param keepFrom the first tick that is kept: later than {@code start} where pre-skip or a trim takes the beginning
 * @param keepTo the tick after the last that is kept
 * @param finalRange the encoder's final range, or {@link OpusPacket#ABSENT}
 * @param origin whence the packet, or what tells of its loss, came
 */
public record DecodeStep(
        String streamId,
        Kind kind,
        byte[] packet,
        LinkSettings link,
        int segment,
        long start,
        long ticks,
        long keepFrom,
        long keepTo,
        long finalRange,
        PacketOrigin origin) {

    /** What a decoder is asked to do. */
    public enum Kind {
        /** Decode the packet. */
        PACKET,
        /** Make up what a lost packet might have held. */
        CONCEAL,
        /** Recover a lost frame from the packet after it. */
        FEC,
        /** Nothing: a gap that is filled with silence, as a count. */
        FILL,
        /** Start a segment with a decoder in its first state. */
        RESET,
        /** The stream is over: let its decoder go. */
        END
    }

    /** The Flink type, with its versioned serializer. */
    public static final TypeInformation<DecodeStep> TYPE =
            new RecordTypeInfo<>(DecodeStep.class, DecodeStepSerializer.INSTANCE);

    public DecodeStep {
        Objects.requireNonNull(streamId, "streamId");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(link, "link");
        Objects.requireNonNull(origin, "origin");
    }
}
