package dev.decant.opus;

/**
 * The power spectra of a signal: of 10 ms under a Hann window, every 2.5 ms. A bin is 100 Hz wide at every rate, and its
 * power that of a signal at 48 kHz.
 */
final class PowerSpectra {
    /** Bins of a channel that are compared: up to 20 kHz. */
    static final int BINS = 200;

    /** Of a window, and from the start of one to the start of the next, 48 kHz ticks. */
    static final int WINDOW_TICKS = 480;

    private static final int STEP_TICKS = 120;

    /** Added to the power of every bin: what is fainter nobody hears. */
    private static final float FLOOR = 100_000;

    private final float[] samples;
    private final int channels;
    private final int window;
    private final int step;
    private final int count;
    private final int bins;
    private final float scale;
    private final float[] hann;
    private final FourierTransform transform;

    /**
     * @param samples interleaved, on the scale of 16 bit
     * @param channels 1 or 2
     * @param ticksPerSample 48 kHz ticks from one sample to the next
     */
    PowerSpectra(float[] samples, int channels, int ticksPerSample) {
        this.samples = samples;
        this.channels = channels;
        window = WINDOW_TICKS / ticksPerSample;
        step = STEP_TICKS / ticksPerSample;
        count = (samples.length / channels - window) / step + 1;
        bins = Math.min(BINS, window / 2);
        scale = (float) ticksPerSample * ticksPerSample;
        hann = new float[window];
        for (int i = 0; i < window; i++) {
            hann[i] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * i / (window - 1)));
        }
        transform = new FourierTransform(window);
    }

    /** How many there are. */
    int windows() {
        return count;
    }

    /**
     * Reads one. They are to be read from the first to the last: those of a mono signal come in pairs.
     *
     * @param powers {@link #BINS} for each channel; those above half the rate stay as they are
     */
    void read(int index, float[] powers) {
        if (channels == 2) {
            transformPair(2 * index * step, 2 * index * step + 1);
            readFirst(powers, 0);
            readSecond(powers, BINS);
        } else if (index % 2 == 0) {
            transformPair(index * step, Math.min(index + 1, count - 1) * step);
            readFirst(powers, 0);
        } else {
            readSecond(powers, 0);
        }
    }

    /** Two real signals at a time: one as the real part, the other as the imaginary part. */
    private void transformPair(int first, int second) {
        for (int i = 0; i < window; i++) {
            transform.set(i, hann[i] * samples[first + i * channels], hann[i] * samples[second + i * channels]);
        }
        transform.run();
    }

    // The spectrum of a real signal at -f is the conjugate of that at f: so sums and differences part the two.

    private void readFirst(float[] powers, int to) {
        for (int bin = 0; bin < bins; bin++) {
            int mirrored = bin == 0 ? 0 : window - bin;
            powers[to + bin] = power(
                    transform.real(bin) + transform.real(mirrored),
                    transform.imaginary(bin) - transform.imaginary(mirrored));
        }
    }

    private void readSecond(float[] powers, int to) {
        for (int bin = 0; bin < bins; bin++) {
            int mirrored = bin == 0 ? 0 : window - bin;
            powers[to + bin] = power(
                    transform.imaginary(bin) + transform.imaginary(mirrored),
                    transform.real(bin) - transform.real(mirrored));
        }
    }

    private float power(double twiceReal, double twiceImaginary) {
        return (float) (scale * (twiceReal * twiceReal + twiceImaginary * twiceImaginary) / 4) + FLOOR;
    }
}
