package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Samples of one outcome that are to be a part of a chunk, where they are now: nothing is copied yet.
 *
 * @param outcome how they came about; those that are {@link Outcome#FILLED} are silence, whatever is in {@code pcm}
 * @param sampleCount samples a channel
 * @param pcm holds them
 * @param from where in {@code pcm} they begin, bytes
 */
record PcmPart(Outcome outcome, long sampleCount, byte[] pcm, int from) {

    /**
     * A part of a frame.
     *
     * @param from samples before it
     * @param sampleCount samples in it
     */
    static PcmPart of(PcmFrame frame, long from, long sampleCount) {
        boolean silence = frame.outcome() == Outcome.FILLED;
        int fromByte = silence ? 0 : (int) from * frame.format().bytesPerSample();
        return new PcmPart(frame.outcome(), sampleCount, frame.pcm(), fromByte);
    }

    /** The parts of a chunk. */
    static List<PcmPart> of(PcmChunk chunk) {
        List<PcmPart> parts = new ArrayList<>(chunk.origins().size());
        int from = 0;
        for (Run run : chunk.origins()) {
            parts.add(new PcmPart(run.outcome(), run.sampleCount(), chunk.pcm(), from));
            from += (int) run.sampleCount() * chunk.format().bytesPerSample();
        }
        return parts;
    }

    boolean isSilence() {
        return outcome == Outcome.FILLED;
    }
}
