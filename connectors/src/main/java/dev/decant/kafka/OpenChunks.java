package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmFrame;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The begun chunks that are in memory, one a stream: to look into state with every packet would cost more than all else
 * that is done with it. Their PCM goes to state when a checkpoint is taken, or when it would be too much: then the least
 * recently used are let go. Of one thread.
 */
final class OpenChunks {
    private final OpenChunkState state;
    private final long memory;
    private final Map<String, OpenChunk> byStream = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param memory bytes of heap that they take at most */
    OpenChunks(OpenChunkState state, long memory) {
        this.state = state;
        this.memory = memory;
    }

    /** The chunk that the stream has begun, or null. */
    OpenChunk get(String streamId) throws Exception {
        OpenChunk chunk = byStream.get(streamId);
        if (chunk == null) {
            chunk = state.read(streamId);
            if (chunk != null) {
                put(chunk);
            }
        }
        return chunk;
    }

    /** A new chunk, of a stream that has none. */
    OpenChunk begin(PcmFrame frame, long position) {
        OpenChunk chunk = OpenChunk.begin(frame, position);
        put(chunk);
        return chunk;
    }

    /** Appends to one of the chunks: see {@link OpenChunk#append}. */
    void append(OpenChunk chunk, PcmFrame frame, long from, long sampleCount, long samples) throws Exception {
        long before = chunk.bytes();
        chunk.append(frame, from, sampleCount, samples);
        bytes += chunk.bytes() - before;
        evict();
    }

    /** All of a chunk, of which nothing is left here or in state. */
    PcmChunk finish(OpenChunk chunk) throws Exception {
        if (byStream.remove(chunk.streamId()) != null) {
            bytes -= chunk.bytes();
        }
        return state.take(chunk);
    }

    /** Writes what state does not have. */
    void writeAll() throws Exception {
        for (OpenChunk chunk : byStream.values()) {
            write(chunk);
        }
    }

    /** The streams that have begun a chunk, once {@link #writeAll} has run. */
    List<String> inState() {
        return state.streamIds();
    }

    private void put(OpenChunk chunk) {
        byStream.put(chunk.streamId(), chunk);
        bytes += chunk.bytes();
    }

    private void evict() throws Exception {
        Iterator<OpenChunk> inOrderOfUse = byStream.values().iterator();
        while (bytes > memory && inOrderOfUse.hasNext()) {
            OpenChunk leastRecentlyUsed = inOrderOfUse.next();
            write(leastRecentlyUsed);
            inOrderOfUse.remove();
            bytes -= leastRecentlyUsed.bytes();
        }
    }

    private void write(OpenChunk chunk) throws Exception {
        long before = chunk.bytes();
        state.write(chunk);
        bytes += chunk.bytes() - before;
    }
}
