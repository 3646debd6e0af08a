package dev.decant.opus;

import java.nio.ByteBuffer;

/** Turns the samples of a codec into little-endian bytes. */
final class Samples {
    private static final double S24_SCALE = 1 << 23;
    private static final double S24_MIN = -(1 << 23);
    private static final double S24_MAX = (1 << 23) - 1;

    private Samples() {}

    /** Floats from the {@code first} on, × 2^23, rounded to even, clamped. */
    static void toS24(ByteBuffer floats, int first, byte[] pcm) {
        int from = first * Float.BYTES;
        for (int to = 0; to < pcm.length; to += 3, from += Float.BYTES) {
            int sample = s24(floats.getFloat(from));
            pcm[to] = (byte) sample;
            pcm[to + 1] = (byte) (sample >> 8);
            pcm[to + 2] = (byte) (sample >> 16);
        }
    }

    static int s24(float sample) {
        return (int) Math.max(S24_MIN, Math.min(S24_MAX, Math.rint(sample * S24_SCALE)));
    }

    static void toS16(short[] samples, int first, byte[] pcm) {
        for (int from = first, to = 0; to < pcm.length; from++, to += 2) {
            pcm[to] = (byte) samples[from];
            pcm[to + 1] = (byte) (samples[from] >> 8);
        }
    }
}
