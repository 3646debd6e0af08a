package dev.decant.opus;

import java.nio.file.Path;
import java.util.List;

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

    /** What was loaded, for logs and for {@code decant doctor}. */
    EngineDescription description();

    /**
     * Input and output buffers for every decoder of one thread. The caller closes it, after the decoders that use it.
     *
     * @param maxChannels the most channels that a decoder of this workspace will have
     * @throws OpusException if memory is short, or there is no decoder for so many channels
     * @throws IllegalStateException if the engine was closed
     */
    DecoderWorkspace newWorkspace(int maxChannels);

    /**
     * A decoder in its first state. The caller closes it.
     *
     * @param workspace of this engine and this thread, for at least as many channels as the settings name
     * @throws OpusException if memory is short, or this engine cannot do what the settings say
     * @throws IllegalStateException if the engine or the workspace was closed, or is another thread's
     */
    OpusDecoder newDecoder(DecoderSettings settings, DecoderWorkspace workspace);

    /** Bytes outside the heap that one decoder with so many channels takes; 0 for pure Java. */
    long nativeBytes(int channels);

    /** Bytes outside the heap that this engine's decoders and workspaces hold now; 0 once all are closed. */
    long liveNativeBytes();

    /**
     * Makes no more decoders and workspaces. Those that are still open go on working: the library is unloaded with the
     * last of them, and when no other engine has the same file open. Closing twice does nothing.
     */
    @Override
    void close();
}
