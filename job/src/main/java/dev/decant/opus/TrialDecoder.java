package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import java.util.concurrent.atomic.AtomicLong;

/** A decoder whose state is looked at after each step. It has buffers of its own, so that their addresses would show. */
final class TrialDecoder implements AutoCloseable {
    private final DecoderFunctions functions;
    private final int ticksPerSample;
    private final NativeWorkspace workspace;
    private final NativeBlock state;
    private final long[] words;

    /**
     * @throws NoImagesException if the library does not make such a decoder
     */
    TrialDecoder(BoundLibrary library, int rate, ChannelLayout layout) throws NoImagesException {
        functions = DecoderFunctions.of(layout, library);
        ticksPerSample = 48_000 / rate;
        AtomicLong liveBytes = new AtomicLong();
        workspace = new NativeWorkspace(layout.streamCount(), layout.decodedChannels(), liveBytes, () -> {});
        try {
            state = new NativeBlock(functions.size(), liveBytes);
        } catch (RuntimeException e) {
            workspace.close();
            throw e;
        }
        words = new long[state.words()];
        int result = functions.init(state.address(), rate, workspace.input());
        if (result != 0) {
            close();
            throw new NoImagesException("a decoder to " + rate + " Hz cannot be made: " + OpusError.ofCode(result));
        }
    }

    /** Returns whether the library knows complexities of decoding; if so, it is set. */
    boolean setComplexity(int complexity) {
        return functions.control(state.address(), DecoderControl.SET_COMPLEXITY, complexity) == 0;
    }

    /** What {@code opus_decode} returned. */
    int play(TrialStep step) {
        long packet = 0;
        int length = 0;
        if (step.packet() != null) {
            length = step.packet().length;
            packet = workspace.input().address();
            workspace.input().bytes().put(0, step.packet());
        }
        int samples = step.ticks() / ticksPerSample;
        long pcm = workspace.output().address();
        return functions.decode(state.address(), packet, length, pcm, samples, step.fec() ? 1 : 0);
    }

    /** The state as it is now; the same array each time. */
    long[] words() {
        state.getWords(words);
        return words;
    }

    @Override
    public void close() {
        state.close();
        workspace.close();
    }
}
