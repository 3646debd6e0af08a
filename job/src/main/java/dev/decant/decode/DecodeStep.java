package dev.decant.decode;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.RecordTypeInfo;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * One thing that a decoder is asked to do, and where its samples stand in the stream. All times are 48 kHz ticks on the
 * clock of the segment, which runs from 0 with the first sample that the decoder gives, pre-skip included.
 *
 * @param kind what to do
 * @param packet with {@link Kind#PACKET} the packet, framing checked; with {@link Kind#FEC} the one after the lost one;
 *     otherwise the one by which it became known that this is to be done
 * @param link what holds for the whole link
 * @param segment counts up from 0 whenever the stream starts anew
 * @param start time of the first sample that the step gives
 * @param ticks how long the step lasts
 * @param keepFrom the first tick that is kept: later than {@code start} where pre-skip or a trim takes the beginning
 * @param keepTo the tick after the last that is kept
 */
public record DecodeStep(
        Kind kind,
        OpusPacket packet,
        LinkSettings link,
        int segment,
        long start,
        long ticks,
        long keepFrom,
        long keepTo) {

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
        END,
        /** Make up what is heard where nobody speaks and nothing is sent (discontinuous transmission). */
        COMFORT_NOISE
    }

    /** The Flink type, with its versioned serializer. */
    public static final TypeInformation<DecodeStep> TYPE =
            new RecordTypeInfo<>(DecodeStep.class, DecodeStepSerializer.INSTANCE);

    public DecodeStep {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(packet, "packet");
        Objects.requireNonNull(link, "link");
    }

    /** The stream. */
    String streamId() {
        return packet.streamId();
    }

    /** What it is, of which stream, and the record that it came with: for a line of the log. */
    String place() {
        return kind + " of stream \"" + streamId() + "\", " + packet.origin();
    }

    /** The bytes of the packet; what is concealed or filled may follow from one that has none. */
    byte[] payload() {
        return packet.payload();
    }
}
