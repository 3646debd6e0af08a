package dev.decant.opus;

import dev.decant.audio.ChannelLayout;

/**
 * What libopus does with the state of one kind of decoder. The decoders of its three headers differ in how they are made
 * and in the names of their functions, and in nothing else that matters here. Without checks, as the functions are.
 */
interface DecoderFunctions {
    /** Those for a decoder with that layout. */
    static DecoderFunctions of(ChannelLayout layout, BoundLibrary library) {
        LibOpus opus = library.functions();
        DecoderControl control = library.control();
        return switch (layout.decoder()) {
            case PLAIN -> new PlainDecoderFunctions(opus, control, layout.channels());
            case MULTISTREAM -> new MultistreamDecoderFunctions(opus, control, layout);
            case PROJECTION -> new ProjectionDecoderFunctions(opus, control, layout);
        };
    }

    /** Bytes of a state; not positive if there is no such decoder. */
    int size();

    /**
     * Puts a state into its first state.
     *
     * @param arguments where arguments can be put that are passed by address
     */
    int init(long decoder, int rate, NativeBlock arguments);

    int decode(long decoder, long packet, int length, long pcm, int samples, int fec);

    int decodeFloat(long decoder, long packet, int length, long pcm, int samples, int fec);

    int control(long decoder, int request, Object... argument);
}
