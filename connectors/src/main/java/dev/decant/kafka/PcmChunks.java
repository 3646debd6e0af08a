package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * PCM in records of one length, for those who want a second at a time and not a packet. Chunks are aligned to position, so
 * that they are the same wherever a job was interrupted, and whoever reads two streams finds their chunks side by side.
 *
 * <p>A chunk is shorter where it cannot be whole: where the stream begins, or is joined, in the middle of one, where the
 * segment or the format changes, where samples are missing (those that were trimmed), and at the end of the stream or of
 * the input. Whole chunks of nothing but {@link Outcome#FILLED} come as one, a count without samples: a long gap must not
 * become a long record.
 */
public final class PcmChunks {
    private PcmChunks() {}

    /**
     * Adds the regrouping to the graph. The PCM of begun chunks is kept in state, so that every chunk is there exactly once.
     *
     * @param frames partitioned by stream ID as {@code keyBy} does, each stream's in order
     * @param maxRecordBytes the longest record that topic and producer take: chunks of streams with very many channels are
     *     cut to a whole fraction of the length
     * @param memory bytes of PCM that a subtask has on the heap at most, besides its state backend; more goes into state
     *     before the next checkpoint
     */
    public static SingleOutputStreamOperator<PcmChunk> of(
            DataStream<PcmFrame> frames, ChunkLength length, int maxRecordBytes, long memory) {
        return DataStreamUtils.reinterpretAsKeyedStream(frames, PcmFrame::streamId, Types.STRING)
                .transform("Chunks of PCM", PcmChunk.TYPE, new PcmChunker(length, maxRecordBytes, memory))
                .uid("pcm-chunks");
    }
}
