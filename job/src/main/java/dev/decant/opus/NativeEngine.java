package dev.decant.opus;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** libopus. The library stays loaded until the engine and all that it made are closed. */
final class NativeEngine implements OpusEngine {
    private final LoadedLibrary library;
    private final Supplier<Optional<DecoderImages>> images;
    private final EngineDescription description;
    private final AtomicLong liveBytes = new AtomicLong();
    private boolean closed;

    /**
     * @param origin how this engine was asked for; the library may have been loaded for another
     * @param library held for this engine, which releases it
     * @param temporaryFolders where a copy of the library may lie for a while
     */
    NativeEngine(String origin, LoadedLibrary library, List<Path> temporaryFolders) {
        this.library = library;
        List<Path> folders = List.copyOf(temporaryFolders);
        images = () -> library.images(folders);
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
        NativeWorkspace buffers = requireRoom(settings, workspace);
        return make(
                settings,
                state -> NativeDecoder.inFirstState(library, settings, state, buffers, images, library::release));
    }

    @Override
    public Optional<OpusDecoder> restoreDecoder(
            DecoderSettings settings, DecoderImage image, DecoderWorkspace workspace) {
        NativeWorkspace buffers = requireRoom(settings, workspace);
        return read(image, settings, buffers)
                .map(header -> make(
                        settings,
                        state -> NativeDecoder.fromImage(
                                header, library, settings, state, buffers, images, library::release)));
    }

    @Override
    public boolean makesImages() {
        hold();
        try {
            return images.get().isPresent();
        } finally {
            library.release();
        }
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

    private static NativeWorkspace requireRoom(DecoderSettings settings, DecoderWorkspace workspace) {
        if (!(workspace instanceof NativeWorkspace buffers)) {
            throw new IllegalArgumentException("The workspace of another engine: take one of this engine's");
        }
        buffers.requireRoomFor(settings.format().channels());
        return buffers;
    }

    /** Puts the state of the image into the workspace's buffer, if it is one for this library and these settings. */
    private Optional<ImageHeader> read(DecoderImage image, DecoderSettings settings, NativeWorkspace workspace) {
        hold();
        try {
            return images.get().flatMap(known -> known.read(image, settings.format(), workspace.imageBuffer()));
        } finally {
            library.release();
        }
    }

    /** A decoder in a block of its own, which holds the library until it is closed. */
    private OpusDecoder make(DecoderSettings settings, Function<NativeBlock, NativeDecoder> making) {
        hold();
        NativeBlock state = null;
        try {
            state = new NativeBlock(stateBytes(settings.format().channels()), liveBytes);
            return making.apply(state);
        } catch (RuntimeException | Error e) {
            if (state != null) {
                state.close();
            }
            library.release();
            throw e;
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
