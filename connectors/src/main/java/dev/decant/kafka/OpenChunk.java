package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A chunk that is not complete: where it ends so far, and those of its samples that state does not have. A sample is in one
 * of the two places only.
 *
 * <p>Samples are put where they will stay as they come, while the caches still hold them: to keep the frames until the chunk
 * is complete would have the garbage collector move them, and the caches fetch them again.
 */
final class OpenChunk {
    private static final byte[] NO_PCM = new byte[0];

    /** What a chunk takes on the heap besides the samples; about. */
    private static final int OBJECT_BYTES = 256;

    /** What a run takes; about. */
    private static final int RUN_BYTES = 32;

    private static final int FIRST_CAPACITY = 4_096;

    private final String streamId;
    private final PcmFormat format;
    private final int segment;
    private final long position;
    private long end;
    private boolean inState;

    /** The position of the first sample that is here and not in state. */
    private long begin;
    /** The samples that are here, and room for more; all of it that is silence, or room, is 0. */
    private byte[] pcm = NO_PCM;
    /** How they came about. */
    private final List<Run> origins = new ArrayList<>(1);

    private OpenChunk(String streamId, ChunkSpan span, boolean inState) {
        this.streamId = streamId;
        this.format = span.format();
        this.segment = span.segment();
        this.position = span.position();
        this.end = span.end();
        this.begin = end;
        this.inState = inState;
    }

    /** A chunk that begins with a sample of {@code frame}. */
    static OpenChunk begin(PcmFrame frame, long position) {
        return new OpenChunk(
                frame.streamId(), new ChunkSpan(frame.format(), frame.segment(), position, position), false);
    }

    /** A chunk all of whose samples are in state. */
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
        return OBJECT_BYTES + (long) RUN_BYTES * origins.size() + pcm.length;
    }

    /** Whether state has samples of it. */
    boolean isInState() {
        return inState;
    }

    /** Whether it has samples that state does not have. */
    boolean hasNewSamples() {
        return end > begin;
    }

    /** Whether the first sample of {@code frame} is the one after its last. */
    boolean isContinuedBy(PcmFrame frame) {
        return frame.position() == end
                && frame.segment() == segment
                && (frame.format() == format || frame.format().equals(format));
    }

    /**
     * Appends a part of a frame; those that are {@link Outcome#FILLED} are silence.
     *
     * @param from samples of the frame before it
     * @param sampleCount samples in it
     * @param samples the length of a chunk
     */
    void append(PcmFrame frame, long from, long sampleCount, long samples) {
        if (frame.outcome() != Outcome.FILLED) {
            int at = bytes(end - begin);
            int length = bytes(sampleCount);
            makeRoom(at + length, bytes(samples));
            System.arraycopy(frame.pcm(), bytes(from), pcm, at, length);
        }
        addRun(origins, new Run(frame.outcome(), sampleCount));
        end += sampleCount;
    }

    /** What it is without its PCM. */
    ChunkSpan span() {
        return new ChunkSpan(format, segment, position, end);
    }

    /** The samples that state does not have, as one piece; they are state's from now on. */
    PcmChunk moveToState() {
        PcmChunk piece = new PcmChunk(streamId, format, samplesHere(), segment, begin, origins);
        begin = end;
        pcm = NO_PCM;
        origins.clear();
        inState = true;
        return piece;
    }

    /** All of it, of which nothing is in state. */
    PcmChunk whole() {
        return new PcmChunk(streamId, format, samplesHere(), segment, position, origins);
    }

    /**
     * All of it.
     *
     * @param pieces those that state has, in order
     */
    PcmChunk joined(Iterable<PcmChunk> pieces) {
        List<Run> all = new ArrayList<>();
        pieces.forEach(piece -> piece.origins().forEach(run -> addRun(all, run)));
        origins.forEach(run -> addRun(all, run));
        if (isSilence(all)) {
            return new PcmChunk(streamId, format, NO_PCM, segment, position, all);
        }
        byte[] joined = new byte[bytes(end - position)];
        int at = 0;
        for (PcmChunk piece : pieces) {
            System.arraycopy(piece.pcm(), 0, joined, at, piece.pcm().length);
            at += bytes(piece.sampleCount());
        }
        byte[] here = samplesHere();
        System.arraycopy(here, 0, joined, at, here.length);
        return new PcmChunk(streamId, format, joined, segment, position, all);
    }

    private byte[] samplesHere() {
        if (isSilence(origins)) {
            return NO_PCM;
        }
        int length = bytes(end - begin);
        return pcm.length == length ? pcm : Arrays.copyOf(pcm, length);
    }

    /** Never beyond a whole chunk, so that what is complete need not be copied. */
    private void makeRoom(int length, int most) {
        if (length > pcm.length) {
            int wanted = Math.max(FIRST_CAPACITY, 2 * pcm.length);
            pcm = Arrays.copyOf(pcm, Math.max(length, Math.min(wanted, most)));
        }
    }

    private int bytes(long samples) {
        return (int) samples * format.bytesPerSample();
    }

    /** No samples at all are silence, too. */
    private static boolean isSilence(List<Run> origins) {
        return origins.stream().allMatch(run -> run.outcome() == Outcome.FILLED);
    }

    private static void addRun(List<Run> origins, Run run) {
        int last = origins.size() - 1;
        if (last >= 0 && origins.get(last).outcome() == run.outcome()) {
            origins.set(last, new Run(run.outcome(), origins.get(last).sampleCount() + run.sampleCount()));
        } else {
            origins.add(run);
        }
    }
}
