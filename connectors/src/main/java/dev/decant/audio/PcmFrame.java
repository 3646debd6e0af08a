package dev.decant.audio;

import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * The PCM of one decode step: all of it has one origin.
 *
 * @param streamId the stream
 * @param outcome how the samples came about
 * @param format their shape
 * @param pcm interleaved samples, {@code sampleCount × format.bytesPerSample()} bytes; empty where the outcome carries
 *     none ({@link Outcome#FILLED}, {@link Outcome#RESET}, {@link Outcome#END})
 * @param sampleCount samples a channel; for {@link Outcome#FILLED} the silence to be put in
 * @param segment counts up from 0 whenever the stream starts anew
 * @param position index of the first sample within the segment, at {@code format.rate()}; 0 is the first after pre-skip
 * @param deadLetter with {@link Outcome#REJECTED} the packet that could not be decoded, unless it was a redundant copy; null
 *     otherwise
 */
public record PcmFrame(
        String streamId,
        Outcome outcome,
        PcmFormat format,
        byte[] pcm,
        long sampleCount,
        int segment,
        long position,
        DeadLetter deadLetter) {

    /** How the samples of a frame came about. */
    public enum Outcome {
        /** Decoded from a packet. */
        DECODED,
        /** Recovered from the forward error correction in the packet after. */
        FEC,
        /** Made up by the decoder in the place of a lost packet. */
        CONCEALED,
        /** Silence: a count, no samples; who writes a file expands it. */
        FILLED,
        /** The decoder refused the packet: its time is concealed, the packet goes to the dead letters. */
        REJECTED,
        /** No samples: a segment begins, with a decoder in its first state. */
        RESET,
        /** No samples: the stream is over. */
        END,
        /** Made by the decoder where nobody spoke and nothing was sent (discontinuous transmission). No loss. */
        COMFORT_NOISE
    }

    /** The Flink type, with its versioned serializer. */
    public static final TypeInformation<PcmFrame> TYPE =
            new RecordTypeInfo<>(PcmFrame.class, PcmFrameSerializer.INSTANCE);

    public PcmFrame {
        Objects.requireNonNull(streamId, "streamId");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(pcm, "pcm");
    }
}
