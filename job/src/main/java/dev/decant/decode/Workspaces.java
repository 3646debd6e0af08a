package dev.decant.decode;

import dev.decant.audio.ChannelLayout;
import dev.decant.opus.DecoderWorkspace;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.OpusException;
import java.util.ArrayList;
import java.util.List;

/**
 * The buffers that the decoders of a subtask share: small ones for plain decoders, and once there is a stream that needs
 * them, such as hold the largest layout that may be. So they take no more than is planned, whatever streams come.
 */
final class Workspaces implements AutoCloseable {
    private final OpusEngine engine;
    private final int maxStreams;
    private final List<DecoderWorkspace> workspaces = new ArrayList<>();

    /**
     * @param engine stays the caller's
     * @param maxStreams the most streams that a packet may hold
     * @throws OpusException if memory is short
     */
    Workspaces(OpusEngine engine, int maxStreams) {
        this.engine = engine;
        this.maxStreams = maxStreams;
        workspaces.add(engine.newWorkspace(2));
    }

    /**
     * One for decoders with that layout; it stays ours.
     *
     * @throws OpusException if memory is short
     */
    DecoderWorkspace forLayout(ChannelLayout layout) {
        for (DecoderWorkspace workspace : workspaces) {
            if (workspace.hasRoomFor(layout)) {
                return workspace;
            }
        }
        // A savepoint may have streams of larger layouts, from when more was allowed.
        DecoderWorkspace largest = engine.newWorkspace(
                Math.max(maxStreams, layout.streamCount()),
                Math.max(ChannelLayout.maxChannels(maxStreams), layout.decodedChannels()));
        workspaces.add(largest);
        return largest;
    }

    @Override
    public void close() {
        workspaces.forEach(DecoderWorkspace::close);
    }

    /** What those of a subtask take outside the heap, once there was a stream that no plain decoder does for. */
    static long bytes(OpusEngine engine, int maxStreams) {
        long plain = engine.workspaceBytes(1, 2);
        return maxStreams == 1
                ? plain
                : plain + engine.workspaceBytes(maxStreams, ChannelLayout.maxChannels(maxStreams));
    }
}
