package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunkSerializer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * The begun chunks of a subtask's streams, as Flink's keyed state. Two states a stream: PCM is appended without reading
 * what is there, and what else is known of a chunk is read without the PCM.
 */
final class OpenChunkState {
    private static final String CHUNK_SPAN = "chunk-span";
    private static final String CHUNK_PIECES = "chunk-pieces";

    private final KeyContext keys;
    private final KeyedStateBackend<?> backend;
    private final ValueState<ChunkSpan> spans;
    private final ListState<PcmChunk> pieces;

    /**
     * @param keys chooses the stream whose state is seen
     */
    OpenChunkState(RuntimeContext context, KeyedStateBackend<?> backend, KeyContext keys) {
        this.keys = keys;
        this.backend = backend;
        spans = context.getState(new ValueStateDescriptor<>(CHUNK_SPAN, ChunkSpanSerializer.INSTANCE));
        pieces = context.getListState(new ListStateDescriptor<>(CHUNK_PIECES, PcmChunkSerializer.INSTANCE));
    }

    /** The stream's chunk, or null if none is begun. */
    OpenChunk read(String streamId) throws Exception {
        choose(streamId);
        ChunkSpan known = spans.value();
        return known == null ? null : OpenChunk.inState(streamId, known);
    }

    /** Writes what is not written yet. */
    void write(OpenChunk chunk) throws Exception {
        if (chunk.hasNewSamples()) {
            choose(chunk.streamId());
            spans.update(chunk.span());
            pieces.add(chunk.moveToState());
        }
    }

    /** All of a chunk, which is then forgotten. */
    PcmChunk take(OpenChunk chunk) throws Exception {
        if (!chunk.isInState()) {
            return chunk.whole();
        }
        choose(chunk.streamId());
        PcmChunk joined = chunk.joined(pieces.get());
        spans.clear();
        pieces.clear();
        return joined;
    }

    /** The streams that have something in state. */
    List<String> streamIds() {
        try (Stream<?> all = backend.getKeys(CHUNK_SPAN, VoidNamespace.INSTANCE)) {
            return all.map(String.class::cast).toList();
        }
    }

    /** Not always the one whose frame has come: before a checkpoint all of them write. */
    private void choose(String streamId) {
        if (!streamId.equals(keys.getCurrentKey())) {
            keys.setCurrentKey(streamId);
        }
    }
}
