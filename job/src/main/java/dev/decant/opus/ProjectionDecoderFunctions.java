package dev.decant.opus;

import dev.decant.audio.ChannelLayout;

/** A decoder of several streams that a matrix makes channels of (opus_projection.h). */
record ProjectionDecoderFunctions(LibOpus opus, DecoderControl control, ChannelLayout layout)
        implements DecoderFunctions {
    @Override
    public int size() {
        return opus.opus_projection_decoder_get_size(
                layout.decodedChannels(), layout.streamCount(), layout.coupledCount());
    }

    @Override
    public int init(long decoder, int rate, NativeBlock arguments) {
        byte[] matrix = layout.demixingMatrix();
        arguments.bytes().put(0, matrix);
        return opus.opus_projection_decoder_init(
                decoder,
                rate,
                layout.decodedChannels(),
                layout.streamCount(),
                layout.coupledCount(),
                arguments.address(),
                matrix.length);
    }

    @Override
    public int decode(long decoder, long packet, int length, long pcm, int samples, int fec) {
        return opus.opus_projection_decode(decoder, packet, length, pcm, samples, fec);
    }

    @Override
    public int decodeFloat(long decoder, long packet, int length, long pcm, int samples, int fec) {
        return opus.opus_projection_decode_float(decoder, packet, length, pcm, samples, fec);
    }

    @Override
    public int control(long decoder, int request, Object... argument) {
        return control.opus_projection_decoder_ctl(decoder, request, argument);
    }
}
