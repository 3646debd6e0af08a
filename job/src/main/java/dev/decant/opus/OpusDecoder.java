package dev.decant.opus;

import java.util.Optional;

/**
 * The decoder of one stream. It belongs to the thread that made it: a call from another one is refused with an
 * {@link IllegalStateException}, and so is every call after {@link #close()}; neither reaches native code.
 *
 * <p>The samples of the last call lie in the workspace, which other decoders of the same thread share: take them with
 * {@link #pcm} before the next call.
 */
public interface OpusDecoder extends AutoCloseable {

    /**
     * Decodes one packet (opus.h, {@code opus_decode} and {@code opus_decode_float}).
     *
     * @param packet a packet whose framing was found sound, 1 to 61,440 bytes a stream
     * @return samples a channel
     * @throws OpusException if the decoder refuses the packet, or its memory was overwritten; then there are no samples,
     *     and {@link OpusException#error()} says whether the decoder can still be used
     */
    int decode(byte[] packet);

    /**
     * Recovers the last frame before {@code nextPacket} from the forward error correction in it; where it carries none,
     * or one of several streams carries none, libopus conceals.
     *
     * @param ticks the length of the lost frame, 48 kHz ticks, a multiple of 120 (2.5 ms)
     * @return samples a channel
     */
    int recover(byte[] nextPacket, int ticks);

    /**
     * Makes up what a lost packet might have held.
     *
     * @param ticks the length of the lost packet, 48 kHz ticks, a multiple of 120 (2.5 ms), at most 5,760
     * @return samples a channel
     */
    int conceal(int ticks);

    /**
     * A copy of samples of the last call: interleaved, little-endian, in the format of the settings.
     *
     * @param from the first sample a channel, from 0
     * @param to the one after the last, at most what the call returned
     * @throws IllegalStateException if another decoder has used the workspace since
     */
    byte[] pcm(int from, int to);

    /** Puts the decoder into its first state (opus_defines.h, {@code OPUS_RESET_STATE}); the settings stay. */
    void reset();

    /**
     * The decoder as it is now, for {@link OpusEngine#restoreDecoder}; it goes on unchanged.
     *
     * @return empty if no image can be made that is sure to be right: see {@link OpusEngine#makesImages}; or the state
     *     holds what might be an address that is not known to be one
     * @throws OpusException if the decoder's memory was overwritten
     */
    Optional<DecoderImage> image();

    /** The final range of the last packet, unsigned 32 bit (opus_defines.h, {@code OPUS_GET_FINAL_RANGE}). */
    long finalRange();

    /**
     * Frees the state. Closing twice does nothing. Another thread may close only after the one that made the decoder has
     * ended; before, it is refused with an {@link IllegalStateException}.
     */
    @Override
    void close();
}
