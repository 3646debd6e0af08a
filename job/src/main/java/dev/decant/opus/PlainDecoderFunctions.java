package dev.decant.opus;

/** A decoder of one stream (opus.h). */
record PlainDecoderFunctions(LibOpus opus, DecoderControl control, int channels) implements DecoderFunctions {
    @Override
    public int size() {
        return opus.opus_decoder_get_size(channels);
    }

    @Override
    public int init(long decoder, int rate, NativeBlock arguments) {
        return opus.opus_decoder_init(decoder, rate, channels);
    }

    @Override
    public int decode(long decoder, long packet, int length, long pcm, int samples, int fec) {
        return opus.opus_decode(decoder, packet, length, pcm, samples, fec);
    }

    @Override
    public int decodeFloat(long decoder, long packet, int length, long pcm, int samples, int fec) {
        return opus.opus_decode_float(decoder, packet, length, pcm, samples, fec);
    }

    @Override
    public int control(long decoder, int request, Object... argument) {
        return control.opus_decoder_ctl(decoder, request, argument);
    }
}
