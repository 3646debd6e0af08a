package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.ChannelLayout.Decoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
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
    public DecoderWorkspace newWorkspace(int maxStreams, int maxChannels) {
        hold();
        try {
            return new NativeWorkspace(maxStreams, maxChannels, liveBytes, library::release);
        } catch (RuntimeException e) {
            library.release();
            throw e;
        }
    }

    @Override
    public OpusDecoder newDecoder(DecoderSettings settings, DecoderWorkspace workspace) {
        NativeWorkspace buffers = requireRoom(settings, workspace);
        return make(
                functions(settings),
                (functions, state) ->
                        NativeDecoder.inFirstState(functions, settings, state, buffers, images, library::release));
    }

    @Override
    public Optional<OpusDecoder> restoreDecoder(
            DecoderSettings settings, DecoderImage image, DecoderWorkspace workspace) {
        NativeWorkspace buffers = requireRoom(settings, workspace);
        return read(image, settings, buffers)
                .filter(header -> canChangeTo(settings, header))
                .map(header -> make(
                        functions(settings),
                        (functions, state) -> NativeDecoder.fromImage(
                                header, functions, settings, state, buffers, images, library::release)));
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
    public long nativeBytes(ChannelLayout layout) {
        hold();
        try {
            return DecoderFunctions.of(layout, library.bound()).size() + NativeBlock.OVERHEAD;
        } finally {
            library.release();
        }
    }

    @Override
    public long workspaceBytes(int maxStreams, int maxChannels) {
        return NativeWorkspace.nativeBytes(maxStreams, maxChannels);
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
        buffers.requireRoomFor(settings.layout());
        return buffers;
    }

    /** Puts the state of the image into the workspace's buffer, if it is one for this library and these settings. */
    private Optional<ImageHeader> read(DecoderImage image, DecoderSettings settings, NativeWorkspace workspace) {
        hold();
        try {
            return images.get().flatMap(known -> known.read(image, settings, workspace.imageBuffer()));
        } finally {
            library.release();
        }
    }

    /** A decoder in a block of its own, which holds the library until it is closed. */
    private OpusDecoder make(
            DecoderFunctions functions, BiFunction<DecoderFunctions, NativeBlock, NativeDecoder> making) {
        hold();
        NativeBlock state = null;
        try {
            state = new NativeBlock(functions.size(), liveBytes);
            return making.apply(functions, state);
        } catch (RuntimeException | Error e) {
            if (state != null) {
                state.close();
            }
            library.release();
            throw e;
        }
    }

    private DecoderFunctions functions(DecoderSettings settings) {
        return DecoderFunctions.of(settings.layout(), library.bound());
    }

    /** One phase inversion is set for all streams, those too that have it off since they give one channel. */
    private static boolean canChangeTo(DecoderSettings settings, ImageHeader before) {
        return settings.layout().decoder() == Decoder.PLAIN || settings.phaseInversion() == before.phaseInversion();
    }

    private synchronized void hold() {
        if (closed) {
            throw new IllegalStateException("This engine was closed");
        }
        library.hold();
    }
}
