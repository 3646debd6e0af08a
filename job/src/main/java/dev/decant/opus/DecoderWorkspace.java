package dev.decant.opus;

/** The input and output buffers that the decoders of one thread share, since a thread decodes one packet at a time. */
public interface DecoderWorkspace extends AutoCloseable {
    /**
     * Frees the buffers; decoders that use them refuse every call from then on, but can be closed. Closing twice does
     * nothing. Another thread may close only after the one that made the workspace has ended.
     */
    @Override
    void close();
}
