package dev.decant.opus;

/** The input and output buffers that the decoders of one thread share, since a thread decodes one packet at a time. */
public interface DecoderWorkspace extends AutoCloseable {
    /** Frees the buffers. Closing twice does nothing. */
    @Override
    void close();
}
