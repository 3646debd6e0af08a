package dev.decant.audio;

import dev.decant.audio.PcmFrame.Outcome;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * A stretch of a stream's PCM, put together from frames: its samples may have come about in different ways.
 *
 * @param streamId the stream
 * @param format the shape of the samples
 * @param pcm interleaved samples, {@code sampleCount() × format.bytesPerSample()} bytes, silence included; empty where all
 *     of it is {@link Outcome#FILLED}, and at the {@link Outcome#END}
 * @param segment counts up from 0 whenever the stream starts anew
 * @param position index of the first sample within the segment, at {@code format.rate()}; 0 is the first after pre-skip
 * @param origins how the samples came about, in their order; each run is as long as can be. The end of the stream is one
 *     run of {@link Outcome#END}, without samples
 */
public record PcmChunk(String streamId, PcmFormat format, byte[] pcm, int segment, long position, List<Run> origins) {

    /**
     * Samples in a row that came about in the same way.
     *
     * @param outcome how; never {@link Outcome#RESET}
     * @param sampleCount samples a channel
     */
    public record Run(Outcome outcome, long sampleCount) {
        public Run {
            Objects.requireNonNull(outcome, "outcome");
            if (outcome == Outcome.RESET) {
                throw new IllegalArgumentException("a reset has no samples, so it cannot be a part of a chunk");
            }
            if (sampleCount < 0 || outcome == Outcome.END && sampleCount > 0) {
                throw new IllegalArgumentException("a run of " + sampleCount + " samples of " + outcome);
            }
        }
    }

    /** The Flink type, with its versioned serializer. */
    public static final TypeInformation<PcmChunk> TYPE =
            new RecordTypeInfo<>(PcmChunk.class, PcmChunkSerializer.INSTANCE);

    /**
     * @throws IllegalArgumentException if there are no origins, or neighbours of the same outcome, or an end among others,
     *     or if {@code pcm} is not as long as they say
     */
    public PcmChunk {
        Objects.requireNonNull(streamId, "streamId");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(pcm, "pcm");
        origins = List.copyOf(origins);
        requireSound(origins);
        requireLength(pcm, format, origins);
    }

    /** A frame as a chunk of one run; {@link Outcome#RESET} is none. */
    public static PcmChunk of(PcmFrame frame) {
        return new PcmChunk(
                frame.streamId(),
                frame.format(),
                frame.pcm(),
                frame.segment(),
                frame.position(),
                List.of(new Run(frame.outcome(), frame.sampleCount())));
    }

    /** Samples a channel. */
    public long sampleCount() {
        return sampleCount(origins);
    }

    /** How all samples came about; empty if they did in different ways. */
    public Optional<Outcome> outcome() {
        return origins.size() == 1 ? Optional.of(origins.get(0).outcome()) : Optional.empty();
    }

    private static void requireSound(List<Run> origins) {
        if (origins.isEmpty()) {
            throw new IllegalArgumentException("a chunk without origins");
        }
        for (int i = 1; i < origins.size(); i++) {
            Outcome outcome = origins.get(i).outcome();
            Outcome before = origins.get(i - 1).outcome();
            if (outcome == before) {
                throw new IllegalArgumentException("two runs of " + outcome + " one after the other: make one of them");
            }
            if (outcome == Outcome.END || before == Outcome.END) {
                throw new IllegalArgumentException("the end of a stream and samples in one chunk");
            }
        }
    }

    private static void requireLength(byte[] pcm, PcmFormat format, List<Run> origins) {
        Outcome first = origins.get(0).outcome();
        boolean empty = origins.size() == 1 && (first == Outcome.FILLED || first == Outcome.END);
        long expected = empty ? 0 : sampleCount(origins);
        // Divided, not multiplied: what was read may hold a number that overflows.
        if (pcm.length % format.bytesPerSample() != 0 || pcm.length / format.bytesPerSample() != expected) {
            throw new IllegalArgumentException("the PCM has " + pcm.length + " bytes, but " + expected + " samples of "
                    + format.bytesPerSample() + " bytes belong there");
        }
    }

    private static long sampleCount(List<Run> origins) {
        long count = 0;
        for (Run run : origins) {
            count = Math.addExact(count, run.sampleCount());
        }
        return count;
    }
}
