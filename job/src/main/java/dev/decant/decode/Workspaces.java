package dev.decant.decode;

import dev.decant.audio.ChannelLayout;
import dev.decant.opus.DecoderWorkspace;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.OpusException;
import java.util.ArrayList;
import java.util.List;

/**
 * The buffers that the decoders of a subtask share: small ones for plain decoders, and larger ones once there is a stream
 * that needs them. They grow by powers of two, so that there are few.
 */
final class Workspaces implements AutoCloseable {
    private static final int MOST = 255;

    private final OpusEngine engine;
    private final List<DecoderWorkspace> workspaces = new ArrayList<>();

    /**
     * @param engine stays the caller's
     * @throws OpusException if memory is short
     */
    Workspaces(OpusEngine engine) {
        this.engine = engine;
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
        DecoderWorkspace larger =
                engine.newWorkspace(powerOfTwo(layout.streamCount()), powerOfTwo(layout.decodedChannels()));
        workspaces.add(larger);
        return larger;
    }

    @Override
    public void close() {
        workspaces.forEach(DecoderWorkspace::close);
    }

    /** What those of a subtask take outside the heap, once there was the largest layout that may be. */
    static long bytes(OpusEngine engine, int maxStreams) {
        int most = powerOfTwo(maxStreams);
        long plain = engine.workspaceBytes(1, 2);
        return maxStreams == 1 ? plain : plain + engine.workspaceBytes(most, Math.min(2 * most, MOST));
    }

    private static int powerOfTwo(int atLeast) {
        int power = 1;
        while (power < atLeast) {
            power *= 2;
        }
        return Math.min(power, MOST);
    }
}
