package dev.decant.opus;

import dev.decant.audio.ChannelLayout;

/** The input and output buffers that the decoders of one thread share, since a thread decodes one packet at a time. */
public interface DecoderWorkspace extends AutoCloseable {
    /** Whether a decoder with that layout can use it. */
    boolean hasRoomFor(ChannelLayout layout);

    /**
     * Frees the buffers; decoders that use them refuse every call from then on, but can be closed. Closing twice does
     * nothing. Another thread may close only after the one that made the workspace has ended.
     */
    @Override
    void close();
}
