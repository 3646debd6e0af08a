package dev.decant.opus;

/**
 * The functions of opus.h, opus_multistream.h and opus_projection.h that are bound directly: fixed arguments, addresses and sizes as numbers, no checks.
 * {@code opus_int32} and {@code int} are {@code int}, pointers are {@code long}.
 */
interface LibOpus {
    /** The address of a static, zero-terminated string. */
    long opus_get_version_string();

    int opus_decoder_get_size(int channels);

    int opus_decoder_init(long decoder, int rate, int channels);

    int opus_decode(long decoder, long packet, int length, long pcm, int samples, int fec);

    int opus_decode_float(long decoder, long packet, int length, long pcm, int samples, int fec);

    int opus_multistream_decoder_get_size(int streams, int coupledStreams);

    int opus_multistream_decoder_init(
            long decoder, int rate, int channels, int streams, int coupledStreams, long mapping);

    int opus_multistream_decode(long decoder, long packet, int length, long pcm, int samples, int fec);

    int opus_multistream_decode_float(long decoder, long packet, int length, long pcm, int samples, int fec);

    int opus_projection_decoder_get_size(int channels, int streams, int coupledStreams);

    int opus_projection_decoder_init(
            long decoder,
            int rate,
            int channels,
            int streams,
            int coupledStreams,
            long demixingMatrix,
            int matrixBytes);

    int opus_projection_decode(long decoder, long packet, int length, long pcm, int samples, int fec);

    int opus_projection_decode_float(long decoder, long packet, int length, long pcm, int samples, int fec);
}
