package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One implementation of Opus: a loaded libopus, or the pure Java one. An engine may be used by any number of threads;
 * the workspaces and decoders that it makes belong to one thread each.
 */
public interface OpusEngine extends AutoCloseable {
    /**
     * Opens an engine. The caller closes it.
     *
     * @param library {@code embedded}: the libopus in this jar; {@code system}: the one that is installed; {@code auto}:
     *     embedded, else system; {@code java}: the pure Java one (s16le only); or the absolute path of a libopus
     * @param temporaryFolders where the embedded library may be extracted to; the first that works is taken, after them
     *     the system's own
     * @throws OpusLibraryException if none can be opened; the message names all that was tried
     */
    static OpusEngine open(String library, List<Path> temporaryFolders) {
        return EngineChoice.open(library, temporaryFolders);
    }

    /**
     * Opens an engine in a process of its own, so that native code that crashes or hangs takes no more than that process
     * with it: the call in which it ends, and every later one, throws an {@link OpusException} whose remedy is
     * {@code REPLACE_ENGINE}. The process ends with the engine and its decoders, and when this one ends, in whatever way.
     *
     * <p>The engine belongs to the thread that opened it. Decoders and images are the same as those of an engine that is
     * opened here, and either goes on from the other's images. The caller closes it.
     *
     * @param library as for {@link #open}
     * @param temporaryFolders as for {@link #open}; a folder in one of them is the process' own
     * @param deadline how long one call may take before the process is taken to hang
     * @throws OpusLibraryException as for {@link #open}, or if the process cannot be started
     */
    static OpusEngine openInOwnProcess(String library, List<Path> temporaryFolders, Duration deadline) {
        return ProcessEngine.open(library, temporaryFolders, deadline);
    }

    /** What was loaded, for logs and for {@code decant doctor}. */
    EngineDescription description();

    /**
     * Input and output buffers for plain decoders of one thread. The caller closes it, after the decoders that use it.
     *
     * @param maxChannels 1 if they are all mono, or 2
     * @throws OpusException if memory is short
     * @throws IllegalStateException if the engine was closed
     */
    default DecoderWorkspace newWorkspace(int maxChannels) {
        return newWorkspace(1, maxChannels);
    }

    /**
     * Input and output buffers for decoders of one thread. The caller closes it, after the decoders that use it.
     *
     * @param maxStreams the most streams that a packet will hold, 1 to 255
     * @param maxChannels the most channels that a decoder will give, before they are mixed, 1 to 255
     * @throws OpusException if memory is short
     * @throws IllegalStateException if the engine was closed
     */
    DecoderWorkspace newWorkspace(int maxStreams, int maxChannels);

    /**
     * A decoder in its first state. The caller closes it.
     *
     * @param workspace of this engine and this thread, with room for the layout of the settings
     * @throws OpusException if memory is short, or this engine cannot do what the settings say
     * @throws IllegalStateException if the engine or the workspace was closed, or is another thread's
     */
    OpusDecoder newDecoder(DecoderSettings settings, DecoderWorkspace workspace);

    /**
     * Whether decoders of this engine can be saved as images: the library's addresses in a decoder's state must be known,
     * which takes an operating system that tells where it loaded the library.
     */
    boolean makesImages();

    /**
     * A decoder that goes on, bit by bit, where the one of the image was. The caller closes it.
     *
     * @param settings gain, complexity, verification, the mix of channels and, for one stream, phase inversion may be
     *     others than they were
     * @param workspace as for {@link #newDecoder}
     * @return empty if the image is not of this library file, of another rate, layout or sample format, of a
     *     CPU that could do more than this one, or damaged
     * @throws OpusException as for {@link #newDecoder}
     */
    Optional<OpusDecoder> restoreDecoder(DecoderSettings settings, DecoderImage image, DecoderWorkspace workspace);

    /** Bytes outside the heap that one decoder with that layout takes; 0 for pure Java. */
    long nativeBytes(ChannelLayout layout);

    /** Bytes outside the heap that a workspace of {@link #newWorkspace(int, int)} takes; 0 for pure Java. */
    long workspaceBytes(int maxStreams, int maxChannels);

    /** Bytes outside the heap that this engine's decoders and workspaces hold now; 0 once all are closed. */
    long liveNativeBytes();

    /**
     * Makes no more decoders and workspaces. Those that are still open go on working: the library is unloaded with the
     * last of them, and when no other engine has the same file open. Closing twice does nothing.
     */
    @Override
    void close();
}
