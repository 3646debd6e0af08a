package dev.decant.opus;

/**
 * The functions of opus.h that are bound directly: fixed arguments, addresses and sizes as numbers, no checks.
 * {@code opus_int32} and {@code int} are {@code int}, pointers are {@code long}.
 */
interface LibOpus {
    /** The address of a static, zero-terminated string. */
    long opus_get_version_string();

    int opus_decoder_get_size(int channels);

    int opus_decoder_init(long decoder, int rate, int channels);

    int opus_decode(long decoder, long packet, int length, long pcm, int samples, int fec);

    int opus_decode_float(long decoder, long packet, int length, long pcm, int samples, int fec);
}
