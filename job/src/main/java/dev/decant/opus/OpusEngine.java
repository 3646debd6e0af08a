package dev.decant.opus;

/**
 * One implementation of Opus: a loaded libopus, or the pure Java one. An engine may be used by any number of threads;
 * the workspaces and decoders that it makes belong to one thread each.
 */
public interface OpusEngine extends AutoCloseable {

    /** What was loaded, for logs and for {@code decant doctor}. */
    EngineDescription description();

    /**
     * Input and output buffers for every decoder of one thread. The caller closes it, after the decoders that use it.
     *
     * @param maxChannels the most channels that a decoder of this workspace will have
     * @throws OpusException if memory is short
     */
    DecoderWorkspace newWorkspace(int maxChannels);

    /**
     * A decoder in its first state. The caller closes it.
     *
     * @throws OpusException if memory is short, or this engine cannot do what the settings say
     */
    OpusDecoder newDecoder(DecoderSettings settings, DecoderWorkspace workspace);

    /** Bytes outside the heap that one decoder with so many channels takes; 0 for pure Java. */
    long nativeBytes(int channels);

    /** Unloads the library, after every decoder and workspace was closed. Closing twice does nothing. */
    @Override
    void close();
}
