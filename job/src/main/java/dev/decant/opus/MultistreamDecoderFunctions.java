package dev.decant.opus;

import dev.decant.audio.ChannelLayout;

/** A decoder of several streams (opus_multistream.h). */
record MultistreamDecoderFunctions(LibOpus opus, DecoderControl control, ChannelLayout layout)
        implements DecoderFunctions {
    @Override
    public int size() {
        return opus.opus_multistream_decoder_get_size(layout.streamCount(), layout.coupledCount());
    }

    @Override
    public int init(long decoder, int rate, NativeBlock arguments) {
        arguments.bytes().put(0, layout.mapping());
        return opus.opus_multistream_decoder_init(
                decoder,
                rate,
                layout.decodedChannels(),
                layout.streamCount(),
                layout.coupledCount(),
                arguments.address());
    }

    @Override
    public int decode(long decoder, long packet, int length, long pcm, int samples, int fec) {
        return opus.opus_multistream_decode(decoder, packet, length, pcm, samples, fec);
    }

    @Override
    public int decodeFloat(long decoder, long packet, int length, long pcm, int samples, int fec) {
        return opus.opus_multistream_decode_float(decoder, packet, length, pcm, samples, fec);
    }

    @Override
    public int control(long decoder, int request, Object... argument) {
        return control.opus_multistream_decoder_ctl(decoder, request, argument);
    }
}
