package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import java.util.List;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Regroups the frames of each stream into chunks. Where a chunk ends is told by positions alone, so that nothing need be
 * known of a stream between two chunks.
 */
final class PcmChunker extends AbstractStreamOperator<PcmChunk>
        implements OneInputStreamOperator<PcmFrame, PcmChunk>, BoundedOneInput {
    private static final long serialVersionUID = 1;
    private static final byte[] NO_PCM = new byte[0];

    private final ChunkLength length;
    private final int maxRecordBytes;
    private final long memory;

    private transient OpenChunks chunks;

    PcmChunker(ChunkLength length, int maxRecordBytes, long memory) {
        this.length = length;
        this.maxRecordBytes = maxRecordBytes;
        this.memory = memory;
    }

    @Override
    public void open() throws Exception {
        super.open();
        chunks = new OpenChunks(new OpenChunkState(getRuntimeContext(), getKeyedStateBackend(), this), memory);
    }

    @Override
    public void processElement(StreamRecord<PcmFrame> element) throws Exception {
        PcmFrame frame = element.getValue();
        switch (frame.outcome()) {
            case RESET -> finish(chunks.get(frame.streamId()));
            case END -> {
                finish(chunks.get(frame.streamId()));
                emit(PcmChunk.of(frame));
            }
            default -> regroup(frame);
        }
    }

    /** Bounded input ends without the ends of its streams. */
    @Override
    public void endInput() throws Exception {
        chunks.writeAll();
        for (String streamId : chunks.inState()) {
            finish(chunks.get(streamId));
        }
    }

    /** Before keyed state is taken, the PCM in memory goes there. */
    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        chunks.writeAll();
    }

    private void regroup(PcmFrame frame) throws Exception {
        if (frame.sampleCount() == 0) {
            return;
        }
        long samples = length.samples(frame.format(), maxRecordBytes);
        OpenChunk chunk = chunks.get(frame.streamId());
        if (chunk != null && (chunk.isComplete(samples) || !chunk.isContinuedBy(frame))) {
            finish(chunk);
            chunk = null;
        }
        long from = 0;
        while (from < frame.sampleCount()) {
            long position = frame.position() + from;
            long left = frame.sampleCount() - from;
            if (chunk == null && frame.outcome() == Outcome.FILLED && position % samples == 0 && left >= samples) {
                long whole = left - left % samples;
                emit(silence(frame, position, whole));
                from += whole;
                continue;
            }
            if (chunk == null) {
                chunk = chunks.begin(frame, position);
            }
            long part = Math.min(left, samples - position % samples);
            chunks.append(chunk, frame, from, part, samples);
            from += part;
            if (chunk.isComplete(samples)) {
                finish(chunk);
                chunk = null;
            }
        }
    }

    private void finish(OpenChunk chunk) throws Exception {
        if (chunk != null) {
            emit(chunks.finish(chunk));
        }
    }

    private void emit(PcmChunk chunk) {
        output.collect(new StreamRecord<>(chunk));
    }

    private static PcmChunk silence(PcmFrame filled, long position, long sampleCount) {
        return new PcmChunk(
                filled.streamId(),
                filled.format(),
                NO_PCM,
                filled.segment(),
                position,
                List.of(new Run(Outcome.FILLED, sampleCount)));
    }
}
