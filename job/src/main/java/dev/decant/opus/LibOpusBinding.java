package dev.decant.opus;

/**
 * The native side of {@link LibOpus}. JNA binds a class to one library; this class is only the pattern from which
 * {@link LibOpusBindings} defines a hidden class for each library that is open at the same time.
 */
final class LibOpusBinding implements LibOpus {
    @Override
    public native long opus_get_version_string();

    @Override
    public native int opus_decoder_get_size(int channels);

    @Override
    public native int opus_decoder_init(long decoder, int rate, int channels);

    @Override
    public native int opus_decode(long decoder, long packet, int length, long pcm, int samples, int fec);

    @Override
    public native int opus_decode_float(long decoder, long packet, int length, long pcm, int samples, int fec);

    @Override
    public native int opus_multistream_decoder_get_size(int streams, int coupledStreams);

    @Override
    public native int opus_multistream_decoder_init(
            long decoder, int rate, int channels, int streams, int coupledStreams, long mapping);

    @Override
    public native int opus_multistream_decode(long decoder, long packet, int length, long pcm, int samples, int fec);

    @Override
    public native int opus_multistream_decode_float(
            long decoder, long packet, int length, long pcm, int samples, int fec);

    @Override
    public native int opus_projection_decoder_get_size(int channels, int streams, int coupledStreams);

    @Override
    public native int opus_projection_decoder_init(
            long decoder,
            int rate,
            int channels,
            int streams,
            int coupledStreams,
            long demixingMatrix,
            int matrixBytes);

    @Override
    public native int opus_projection_decode(long decoder, long packet, int length, long pcm, int samples, int fec);

    @Override
    public native int opus_projection_decode_float(
            long decoder, long packet, int length, long pcm, int samples, int fec);
}
