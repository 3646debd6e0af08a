package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What chunks are, as plainly as can be: one sample after the other, cut where a chunk must end. Slow. */
final class ChunkModel {
    private final int length;
    private final List<PcmChunk> chunks = new ArrayList<>();
    private PcmFrame last;
    private long begin;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final ByteArrayOutputStream pcm = new ByteArrayOutputStream();

    private ChunkModel(int length) {
        this.length = length;
    }

    /** The chunks of all frames, stream by stream; each whole chunk of a gap is one. */
    static List<PcmChunk> regroup(List<PcmFrame> frames, int length) {
        Map<String, ChunkModel> streams = new LinkedHashMap<>();
        frames.forEach(frame -> streams.computeIfAbsent(frame.streamId(), streamId -> new ChunkModel(length))
                .add(frame));
        List<PcmChunk> all = new ArrayList<>();
        streams.values().forEach(stream -> all.addAll(stream.chunks));
        return all;
    }

    /** A chunk that is a gap of several chunks, as these. */
    static List<PcmChunk> wholeGaps(PcmChunk chunk, long length) {
        boolean gap = chunk.outcome().filter(Outcome.FILLED::equals).isPresent();
        if (!gap || chunk.sampleCount() <= length) {
            return List.of(chunk);
        }
        List<PcmChunk> parts = new ArrayList<>();
        for (long from = 0; from < chunk.sampleCount(); from += length) {
            parts.add(new PcmChunk(
                    chunk.streamId(),
                    chunk.format(),
                    chunk.pcm(),
                    chunk.segment(),
                    chunk.position() + from,
                    List.of(new Run(Outcome.FILLED, Math.min(length, chunk.sampleCount() - from)))));
        }
        return parts;
    }

    private void add(PcmFrame frame) {
        if (frame.outcome() == Outcome.RESET || frame.outcome() == Outcome.END) {
            cut();
            if (frame.outcome() == Outcome.END) {
                chunks.add(PcmChunk.of(frame));
            }
            return;
        }
        for (int sample = 0; sample < frame.sampleCount(); sample++) {
            long position = frame.position() + sample;
            if (!outcomes.isEmpty() && (last.segment() != frame.segment() || begin + outcomes.size() != position)) {
                cut();
            }
            if (outcomes.isEmpty()) {
                begin = position;
            }
            last = frame;
            outcomes.add(frame.outcome());
            int bytes = frame.format().bytesPerSample();
            if (frame.outcome() == Outcome.FILLED) {
                pcm.write(new byte[bytes], 0, bytes);
            } else {
                pcm.write(frame.pcm(), sample * bytes, bytes);
            }
            if ((position + 1) % length == 0) {
                cut();
            }
        }
    }

    private void cut() {
        if (outcomes.isEmpty()) {
            return;
        }
        List<Run> runs = new ArrayList<>();
        for (int from = 0, to; from < outcomes.size(); from = to) {
            to = from;
            while (to < outcomes.size() && outcomes.get(to) == outcomes.get(from)) {
                to++;
            }
            runs.add(new Run(outcomes.get(from), to - from));
        }
        boolean silent = runs.size() == 1 && runs.get(0).outcome() == Outcome.FILLED;
        chunks.add(new PcmChunk(
                last.streamId(), last.format(), silent ? new byte[0] : pcm.toByteArray(), last.segment(), begin, runs));
        outcomes.clear();
        pcm.reset();
    }
}
