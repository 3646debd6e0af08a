package dev.decant.opus;

import com.sun.jna.Library;

/**
 * {@code opus_decoder_ctl} of opus.h and its likes for several streams. They are variadic, and some platforms (Apple's
 * arm64) pass variadic arguments otherwise than fixed ones, so they are bound through an interface: JNA then calls them as
 * what they are.
 */
interface DecoderControl extends Library {
    /** opus_defines.h: {@code OPUS_SET_COMPLEXITY_REQUEST}, one {@code int}. */
    int SET_COMPLEXITY = 4010;
    /** {@code OPUS_RESET_STATE}, no argument. */
    int RESET_STATE = 4028;
    /** {@code OPUS_GET_FINAL_RANGE_REQUEST}, the address of an {@code opus_uint32}. */
    int GET_FINAL_RANGE = 4031;
    /** {@code OPUS_SET_GAIN_REQUEST}, one {@code int}. */
    int SET_GAIN = 4034;
    /** {@code OPUS_SET_PHASE_INVERSION_DISABLED_REQUEST}, one {@code int}. */
    int SET_PHASE_INVERSION_DISABLED = 4046;

    int opus_decoder_ctl(long decoder, int request, Object... argument);

    int opus_multistream_decoder_ctl(long decoder, int request, Object... argument);

    int opus_projection_decoder_ctl(long decoder, int request, Object... argument);
}
