package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * The frames of a stream, one after the other. Its samples can be foretold: byte b of the sample at position n of a segment
 * tells of n, of b and of the stream.
 */
final class SpokenStream {
    private static final byte[] NO_PCM = new byte[0];

    private final String streamId;
    private final PcmFormat format;
    private int segment;
    private long position;

    SpokenStream(String streamId, PcmFormat format) {
        this.streamId = streamId;
        this.format = format;
    }

    PcmFrame decoded(long samples) {
        return next(Outcome.DECODED, samples);
    }

    List<PcmFrame> decoded(int frames, long samplesEach) {
        List<PcmFrame> all = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            all.add(decoded(samplesEach));
        }
        return all;
    }

    PcmFrame next(Outcome outcome, long samples) {
        byte[] pcm = outcome == Outcome.FILLED ? NO_PCM : samples(position, samples);
        PcmFrame frame = new PcmFrame(streamId, outcome, format, pcm, samples, segment, position, null);
        position += samples;
        return frame;
    }

    /** Samples that nobody gets. */
    void skip(long samples) {
        position += samples;
    }

    /** The next segment begins. */
    PcmFrame reset() {
        segment++;
        position = 0;
        return new PcmFrame(streamId, Outcome.RESET, format, NO_PCM, 0, segment, 0, null);
    }

    PcmFrame end() {
        return new PcmFrame(streamId, Outcome.END, format, NO_PCM, 0, segment, position, null);
    }

    /** The samples from a position on. */
    byte[] samples(long from, long count) {
        byte[] pcm = new byte[(int) count * format.bytesPerSample()];
        for (int at = 0; at < pcm.length; at++) {
            long sample = from + at / format.bytesPerSample();
            pcm[at] = (byte) (31 * (31 * sample + at % format.bytesPerSample()) + sample / 256 + streamId.hashCode());
        }
        return pcm;
    }

    /** A chunk whose samples are those of the stream where they were not filled. */
    PcmChunk chunk(int ofSegment, long from, PcmChunk.Run... origins) {
        long count = 0;
        boolean silent = true;
        for (PcmChunk.Run run : origins) {
            count += run.sampleCount();
            silent &= run.outcome() == Outcome.FILLED;
        }
        byte[] pcm = silent ? NO_PCM : samples(from, count);
        int at = 0;
        for (PcmChunk.Run run : origins) {
            int next = at + (int) run.sampleCount() * format.bytesPerSample();
            for (int i = at; i < next && run.outcome() == Outcome.FILLED && !silent; i++) {
                pcm[i] = 0;
            }
            at = next;
        }
        return new PcmChunk(streamId, format, pcm, ofSegment, from, List.of(origins));
    }
}
