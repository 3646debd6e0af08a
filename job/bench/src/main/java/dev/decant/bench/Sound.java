package dev.decant.bench;

import java.util.Random;

/** Sounds at 48 kHz that cost a decoder what speech and music cost it; the same on every machine. */
final class Sound {
    static final int RATE = 48_000;

    private Sound() {}

    /** Mono: syllables of a gliding voice behind the formants of vowels, hisses, and pauses. */
    static short[] speech(int seconds) {
        double[][] vowels = {{730, 1090, 2440}, {270, 2290, 3010}, {300, 870, 2240}, {530, 1840, 2480}, {570, 840, 2410}
        };
        Random random = new Random(1);
        short[] samples = new short[seconds * RATE];
        int at = 0;
        while (at < samples.length) {
            int end = Math.min(samples.length, at + (int) (RATE * (0.08 + 0.2 * random.nextDouble())));
            double kind = random.nextDouble();
            if (kind < 0.65) {
                voiced(samples, at, end, 90 + 110 * random.nextDouble(), vowels[random.nextInt(vowels.length)], random);
            } else if (kind < 0.85) {
                hissed(samples, at, end, random);
            }
            at = end;
        }
        return samples;
    }

    private static void voiced(short[] samples, int from, int to, double hertz, double[] formants, Random random) {
        double[] last = new double[formants.length];
        double[] beforeLast = new double[formants.length];
        double phase = 0;
        for (int n = from; n < to; n++) {
            double part = (n - from) / (double) (to - from);
            phase += hertz * (1.1 - 0.2 * part) / RATE;
            double source = 0.02 * random.nextGaussian();
            if (phase >= 1) {
                phase -= 1;
                source += 1;
            }
            double sample = 0;
            for (int f = 0; f < formants.length; f++) {
                double radius = 1 - 80 * Math.PI / RATE;
                double turn = 2 * Math.PI * formants[f] / RATE;
                double resonance =
                        source + 2 * radius * StrictMath.cos(turn) * last[f] - radius * radius * beforeLast[f];
                beforeLast[f] = last[f];
                last[f] = resonance;
                sample += resonance / (f + 1);
            }
            samples[n] = clip(700 * sample * StrictMath.sin(Math.PI * part));
        }
    }

    private static void hissed(short[] samples, int from, int to, Random random) {
        double last = 0;
        for (int n = from; n < to; n++) {
            double noise = random.nextGaussian();
            double part = (n - from) / (double) (to - from);
            samples[n] = clip(1_500 * (noise - last) * StrictMath.sin(Math.PI * part));
            last = noise;
        }
    }

    /** Stereo, interleaved: chords of decaying tones, spread between left and right, and a brushed drum. */
    static short[] music(int seconds) {
        Random random = new Random(2);
        double[] left = new double[seconds * RATE];
        double[] right = new double[seconds * RATE];
        for (int start = 0; start < left.length; start += RATE / 4) {
            for (int voice = 0; voice < 2; voice++) {
                tone(left, right, start, 110 * StrictMath.pow(2, random.nextInt(37) / 12.0), random.nextDouble());
            }
            brush(left, right, start, random);
        }
        short[] samples = new short[2 * left.length];
        for (int n = 0; n < left.length; n++) {
            samples[2 * n] = clip(left[n]);
            samples[2 * n + 1] = clip(right[n]);
        }
        return samples;
    }

    private static void tone(double[] left, double[] right, int start, double hertz, double place) {
        int end = Math.min(left.length, start + 2 * RATE);
        for (int n = start; n < end; n++) {
            double t = (n - start) / (double) RATE;
            double sample = 0;
            for (int harmonic = 1; harmonic <= 5; harmonic++) {
                sample += StrictMath.sin(2 * Math.PI * hertz * harmonic * t) / harmonic;
            }
            sample *= 2_500 * StrictMath.exp(-3 * t) * Math.min(1, 200 * t);
            left[n] += sample * (1 - place);
            right[n] += sample * place;
        }
    }

    private static void brush(double[] left, double[] right, int start, Random random) {
        int end = Math.min(left.length, start + RATE / 10);
        for (int n = start; n < end; n++) {
            double loudness = 1_200 * (end - n) / (end - start);
            left[n] += loudness * random.nextGaussian();
            right[n] += loudness * random.nextGaussian();
        }
    }

    private static short clip(double sample) {
        return (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(sample)));
    }
}
