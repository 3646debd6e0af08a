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
            putS24(s24(floats.getFloat(from)), pcm, to);
        }
    }

    static int s24(float sample) {
        return (int) Math.max(S24_MIN, Math.min(S24_MAX, Math.rint(sample * S24_SCALE)));
    }

    static void toS16(short[] samples, int first, byte[] pcm) {
        for (int from = first, to = 0; to < pcm.length; from++, to += 2) {
            putS16(samples[from], pcm, to);
        }
    }

    /** Returns where the next one goes, as the others do. */
    static int putS16(int sample, byte[] pcm, int to) {
        pcm[to] = (byte) sample;
        pcm[to + 1] = (byte) (sample >> 8);
        return to + 2;
    }

    static int putS24(int sample, byte[] pcm, int to) {
        putS16(sample, pcm, to);
        pcm[to + 2] = (byte) (sample >> 16);
        return to + 3;
    }

    static int putF32(float sample, byte[] pcm, int to) {
        int bits = Float.floatToRawIntBits(sample);
        putS16(bits, pcm, to);
        putS16(bits >> 16, pcm, to + 2);
        return to + 4;
    }
}
