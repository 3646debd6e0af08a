package dev.decant.file;

import dev.decant.audio.PcmFormat;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/** PCM of signals that a formula tells, for all that must come back sample for sample. */
final class Signals {
    /** The standard deviation of the noise in a chord. */
    static final double CHORD_NOISE = 0.005;

    private Signals() {}

    /** The value of sample {@code n} of a channel, full scale being ±1; values beyond are cut. */
    interface Signal {
        double at(int channel, int n);
    }

    static Signal silence() {
        return (channel, n) -> 0;
    }

    /** Another pitch in each channel. */
    static Signal sines() {
        return (channel, n) -> 0.7 * Math.sin(n * (0.01 + 0.013 * channel));
    }

    /**
     * Two loud tones and a little noise, of {@link #CHORD_NOISE}: only a linear predictor foretells them, and of 24 bits its
     * sums are larger than an int.
     */
    static Signal chord() {
        Random random = new Random(5);
        return (channel, n) ->
                0.5 * Math.sin(n * 0.9) + 0.45 * Math.sin(n * 1.7 + channel) + CHORD_NOISE * random.nextGaussian();
    }

    /** From the lowest to the highest value there is, every other channel the other way round. */
    static Signal square() {
        return (channel, n) -> (n / 50 + channel) % 2 == 0 ? -1 : 1;
    }

    /** Over the whole range. */
    static Signal noise() {
        Random random = new Random(1);
        return (channel, n) -> 2 * random.nextDouble() - 1;
    }

    /** A click now and then among what is nearly silence. */
    static Signal clicks() {
        Random random = new Random(2);
        return (channel, n) -> n % 700 == 350 + channel ? 0.9 : random.nextInt(3) / 32768.0;
    }

    /** As of a voice: pulses through resonances, noise, and pauses. */
    static Signal voice(int rate) {
        Random random = new Random(3);
        double[][] last = new double[8][2];
        double radius = Math.exp(-Math.PI * 120 / rate);
        double angle = 2 * Math.PI * 700 / rate;
        return (channel, n) -> {
            boolean pause = n / (rate / 4) % 3 == 2;
            double pulse = pause ? 0 : n % (rate / 110) == 0 ? 0.2 : 0;
            double[] before = last[channel];
            double now = pulse
                    + 0.002 * random.nextGaussian()
                    + 2 * radius * Math.cos(angle) * before[0]
                    - radius * radius * before[1];
            before[1] = before[0];
            before[0] = now;
            return now;
        };
    }

    /** {@code count} samples a channel of a signal, s16le or s24le, interleaved. */
    static byte[] pcm(PcmFormat format, int count, Signal signal) {
        int bits = 8 * format.sampleFormat().bytes();
        int highest = (1 << bits - 1) - 1;
        byte[] pcm = new byte[count * format.bytesPerSample()];
        int at = 0;
        for (int n = 0; n < count; n++) {
            for (int channel = 0; channel < format.channels(); channel++) {
                long value = Math.round(signal.at(channel, n) * (highest + 1));
                int sample = (int) Math.max(-highest - 1, Math.min(highest, value));
                at = put(sample, bits, pcm, at);
            }
        }
        return pcm;
    }

    /** Mono samples, cut to 16 bits. */
    static byte[] s16(int count, IntUnaryOperator samples) {
        byte[] pcm = new byte[2 * count];
        for (int n = 0; n < count; n++) {
            put(samples.applyAsInt(n), 16, pcm, 2 * n);
        }
        return pcm;
    }

    static int put(int sample, int bits, byte[] pcm, int at) {
        for (int shift = 0; shift < bits; shift += 8) {
            pcm[at++] = (byte) (sample >> shift);
        }
        return at;
    }
}
