package dev.decant.opus;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** libopus. The library stays loaded until the engine and all that it made are closed. */
final class NativeEngine implements OpusEngine {
    private final LoadedLibrary library;
    private final EngineDescription description;
    private final AtomicLong liveBytes = new AtomicLong();
    private boolean closed;

    /**
     * @param origin how this engine was asked for; the library may have been loaded for another
     * @param library held for this engine, which releases it
     */
    NativeEngine(String origin, LoadedLibrary library) {
        this.library = library;
        description = library.description().withOrigin(origin);
    }

    @Override
    public EngineDescription description() {
        return description;
    }

    @Override
    public DecoderWorkspace newWorkspace(int maxChannels) {
        hold();
        try {
            return new NativeWorkspace(maxChannels, liveBytes, library::release);
        } catch (RuntimeException e) {
            library.release();
            throw e;
        }
    }

    @Override
    public OpusDecoder newDecoder(DecoderSettings settings, DecoderWorkspace workspace) {
        int channels = settings.format().channels();
        if (!(workspace instanceof NativeWorkspace buffers)) {
            throw new IllegalArgumentException("The workspace of another engine: take one of this engine's");
        }
        buffers.requireRoomFor(channels);
        hold();
        NativeBlock state = null;
        try {
            state = new NativeBlock(stateBytes(channels), liveBytes);
            return new NativeDecoder(library, settings, state, buffers, library::release);
        } catch (RuntimeException | Error e) {
            if (state != null) {
                state.close();
            }
            library.release();
            throw e;
        }
    }

    @Override
    public boolean makesImages() {
        return false;
    }

    @Override
    public Optional<OpusDecoder> restoreDecoder(
            DecoderSettings settings, DecoderImage image, DecoderWorkspace workspace) {
        return Optional.empty();
    }

    @Override
    public long nativeBytes(int channels) {
        ConfinedWorkspace.requireChannels(channels);
        return stateBytes(channels) + NativeBlock.OVERHEAD;
    }

    @Override
    public long liveNativeBytes() {
        return liveBytes.get();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            library.release();
        }
    }

    private int stateBytes(int channels) {
        return channels == 1 ? description.monoStateBytes() : description.stereoStateBytes();
    }

    private synchronized void hold() {
        if (closed) {
            throw new IllegalStateException("This engine was closed");
        }
        library.hold();
    }
}
