package dev.decant.opus;

import java.util.SplittableRandom;

/** Sound to encode: 16-bit samples, interleaved, the same for the same arguments. */
public final class TestSignals {
    private TestSignals() {}

    /**
     * Like speech: voiced syllables (a buzz of gliding pitch through three formants), hisses and pauses in turn.
     *
     * @param samples a channel
     */
    public static short[] speech(int rate, int channels, int samples, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        short[] pcm = new short[samples * channels];
        Resonator[] formants = {new Resonator(), new Resonator(), new Resonator()};
        int left = 0;
        int kind = 0;
        double pitch = 120;
        double glide = 0;
        double phase = 0;
        double loudness = 0;
        for (int i = 0; i < samples; i++) {
            if (left-- <= 0) {
                kind = random.nextInt(6);
                left = (int) (rate * (0.06 + 0.2 * random.nextDouble()));
                pitch = 90 + 130 * random.nextDouble();
                glide = (random.nextDouble() - 0.5) * 80 / rate;
                formants[0].tune(250 + 600 * random.nextDouble(), 80, rate);
                formants[1].tune(900 + 1_400 * random.nextDouble(), 120, rate);
                formants[2].tune(2_400 + 1_000 * random.nextDouble(), 160, rate);
            }
            double target = kind == 0 ? 0.002 : kind == 1 ? 0.25 : 1;
            loudness += (target - loudness) * 60 / rate;
            double noise = random.nextDouble() - 0.5;
            pitch += glide;
            phase += pitch / rate;
            phase -= Math.floor(phase);
            double source = kind == 1 ? noise : (phase < 0.1 ? 1 - phase * 10 : 0) - 0.05 + noise * 0.02;
            double sound =
                    formants[0].filter(source) + 0.5 * formants[1].filter(source) + 0.3 * formants[2].filter(source);
            put(pcm, i, channels, loudness * sound * 9_000, loudness * (sound + 0.05 * noise) * 7_000);
        }
        return pcm;
    }

    /**
     * Like music: chords of decaying partials over a beat of noise; in stereo the two sides differ, and partly by sign.
     *
     * @param samples a channel
     */
    public static short[] music(int rate, int channels, int samples, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        short[] pcm = new short[samples * channels];
        double[] frequency = new double[6];
        int noteLength = rate / 4;
        for (int i = 0; i < samples; i++) {
            int age = i % noteLength;
            if (age == 0) {
                for (int n = 0; n < frequency.length; n++) {
                    frequency[n] = 110 * StrictMath.pow(2, random.nextInt(60) / 12.0);
                }
            }
            double decay = StrictMath.exp(-4.0 * age / noteLength);
            double left = (random.nextDouble() - 0.5) * StrictMath.exp(-40.0 * age / noteLength);
            double right = -left;
            for (int n = 0; n < frequency.length; n++) {
                double partial = decay * StrictMath.sin(2 * Math.PI * frequency[n] * age / rate) / 4;
                left += partial * (n + 1) / 6;
                right += partial * (6 - n) / 6 * (n % 2 == 0 ? 1 : -1);
            }
            put(pcm, i, channels, left * 14_000, right * 14_000);
        }
        return pcm;
    }

    private static void put(short[] pcm, int i, int channels, double left, double right) {
        pcm[i * channels] = clamp(left);
        if (channels == 2) {
            pcm[i * channels + 1] = clamp(right);
        }
    }

    private static short clamp(double sample) {
        return (short) Math.max(-32_768, Math.min(32_767, Math.round(sample)));
    }

    /** Two poles: a peak at one frequency. */
    private static final class Resonator {
        private double a;
        private double b;
        private double last;
        private double before;

        void tune(double frequency, double width, int rate) {
            double radius = StrictMath.exp(-Math.PI * width / rate);
            a = 2 * radius * StrictMath.cos(2 * Math.PI * frequency / rate);
            b = -radius * radius;
        }

        double filter(double in) {
            double out = in + a * last + b * before;
            before = last;
            last = out;
            return out * 0.1;
        }
    }
}
