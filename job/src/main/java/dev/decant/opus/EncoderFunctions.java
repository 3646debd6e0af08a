package dev.decant.opus;

import com.sun.jna.Library;

/** The encoder of opus.h, for packets to try a decoder with. Not bound directly: it is called a few hundred times. */
interface EncoderFunctions extends Library {
    /** opus_defines.h: {@code OPUS_APPLICATION_AUDIO}. */
    int APPLICATION_AUDIO = 2049;

    int opus_encoder_get_size(int channels);

    int opus_encoder_init(long encoder, int rate, int channels, int application);

    int opus_encode(long encoder, short[] pcm, int samples, byte[] packet, int maxBytes);

    int opus_encoder_ctl(long encoder, int request, Object... argument);
}
