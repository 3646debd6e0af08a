package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * A chunk that is not complete: where it ends so far, and those of its parts that state does not have. PCM is in one of
 * the two places only, and is copied when the chunk is complete.
 */
final class OpenChunk {
    private static final byte[] NO_PCM = new byte[0];

    /** What a chunk, and a part, take on the heap besides the samples; about. */
    private static final int OBJECT_BYTES = 128;

    private final String streamId;
    private final PcmFormat format;
    private final int segment;
    private final List<PcmPart> parts = new ArrayList<>();
    private final long position;
    private long end;
    private boolean inState;
    private long bytes = OBJECT_BYTES;

    private OpenChunk(String streamId, ChunkSpan span, boolean inState) {
        this.streamId = streamId;
        this.format = span.format();
        this.segment = span.segment();
        this.position = span.position();
        this.end = span.end();
        this.inState = inState;
    }

    /** A chunk that begins with a sample of {@code frame}. */
    static OpenChunk begin(PcmFrame frame, long position) {
        return new OpenChunk(
                frame.streamId(), new ChunkSpan(frame.format(), frame.segment(), position, position), false);
    }

    /** A chunk all of whose parts are in state. */
    static OpenChunk inState(String streamId, ChunkSpan span) {
        return new OpenChunk(streamId, span, true);
    }

    String streamId() {
        return streamId;
    }

    /**
     * Whether it has all the samples that it may have, or more: another length may hold since it was begun.
     *
     * @param samples the length of a chunk
     */
    boolean isComplete(long samples) {
        return position / samples != end / samples;
    }

    /** About how many bytes of heap it takes. */
    long bytes() {
        return bytes;
    }

    /** Whether state has parts of it. */
    boolean isInState() {
        return inState;
    }

    /** Whether it has parts that state does not have. */
    boolean hasNewParts() {
        return !parts.isEmpty();
    }

    /** Whether the first sample of {@code frame} is the one after its last. */
    boolean isContinuedBy(PcmFrame frame) {
        return frame.position() == end
                && frame.segment() == segment
                && (frame.format() == format || frame.format().equals(format));
    }

    void append(PcmPart part) {
        parts.add(part);
        end += part.sampleCount();
        bytes += OBJECT_BYTES + (part.isSilence() ? 0 : part.sampleCount() * format.bytesPerSample());
    }

    /** What it is without its PCM. */
    ChunkSpan span() {
        return new ChunkSpan(format, segment, position, end);
    }

    /** The parts that state does not have, as one piece; they are state's from now on. */
    PcmChunk moveToState() {
        PcmChunk piece = join(parts, end - samples(parts));
        parts.clear();
        bytes = OBJECT_BYTES;
        inState = true;
        return piece;
    }

    /**
     * All of it.
     *
     * @param pieces those that state has, in order
     */
    PcmChunk joined(Iterable<PcmChunk> pieces) {
        List<PcmPart> all = new ArrayList<>();
        pieces.forEach(piece -> all.addAll(PcmPart.of(piece)));
        all.addAll(parts);
        return join(all, position);
    }

    private PcmChunk join(List<PcmPart> all, long first) {
        boolean silent = all.stream().allMatch(PcmPart::isSilence);
        byte[] pcm = silent ? NO_PCM : new byte[(int) samples(all) * format.bytesPerSample()];
        List<Run> origins = new ArrayList<>();
        int at = 0;
        for (PcmPart part : all) {
            int length = (int) part.sampleCount() * format.bytesPerSample();
            if (!part.isSilence()) {
                System.arraycopy(part.pcm(), part.from(), pcm, at, length);
            }
            at += length;
            addRun(origins, part.outcome(), part.sampleCount());
        }
        return new PcmChunk(streamId, format, pcm, segment, first, origins);
    }

    private static long samples(List<PcmPart> parts) {
        return parts.stream().mapToLong(PcmPart::sampleCount).sum();
    }

    private static void addRun(List<Run> origins, Outcome outcome, long samples) {
        int last = origins.size() - 1;
        if (last >= 0 && origins.get(last).outcome() == outcome) {
            origins.set(last, new Run(outcome, origins.get(last).sampleCount() + samples));
        } else {
            origins.add(new Run(outcome, samples));
        }
    }
}
