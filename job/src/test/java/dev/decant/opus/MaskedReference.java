package dev.decant.opus;

import static dev.decant.opus.PowerSpectra.BINS;

/** The spectra of a reference, with what they mask: in frequency, in time, and between the channels. */
final class MaskedReference {
    /** Where the bands begin, and where the last one ends, in bins: those of CELT, about a Bark each. */
    private static final int[] BANDS = {
        0, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 68, 80, 96, 120, 156, BINS
    };

    private static final int BAND_COUNT = BANDS.length - 1;

    /** 10 dB a band. */
    private static final float MASKED_UPWARDS = 0.1f;
    /** 15 dB a band. */
    private static final float MASKED_DOWNWARDS = 0.03f;
    /** 3 dB in 2.5 ms. */
    private static final float MASKED_ONWARDS = 0.5f;
    /** 20 dB. */
    private static final float MASKED_ACROSS = 0.01f;

    /** How much of what masks is added to the power of both sides. */
    private static final float SHARE = 0.1f;

    /** Where SILK ends and CELT begins in a hybrid packet: filters are free to differ there. */
    private static final int CROSS_OVER = 80;

    /** Bins below half the rate that nothing is said about: where a resampler cuts off. */
    private static final int TRANSITION = 3;

    private final int channels;
    private final float[][] powers;
    private final float[][] masks;

    /**
     * @param samples interleaved, at 48 kHz
     * @param channels 1 or 2
     */
    MaskedReference(float[] samples, int channels) {
        this.channels = channels;
        PowerSpectra spectra = new PowerSpectra(samples, channels, 1);
        powers = new float[spectra.windows()][channels * BINS];
        masks = new float[spectra.windows()][];
        float[] before = new float[channels * BAND_COUNT];
        for (int i = 0; i < powers.length; i++) {
            spectra.read(i, powers[i]);
            masks[i] = mask(powers[i], before);
            before = masks[i];
        }
    }

    /**
     * The error of an output in two windows, one after the other, since phases are free.
     *
     * @param index of the second of them
     * @param before the output's powers in the first, of as many channels; zero where there is none
     * @param now its powers in the second
     * @param halfRate of the output, in bins
     */
    double error(int index, float[] before, float[] now, int halfRate) {
        double sum = 0;
        for (int band = 0; band < BAND_COUNT && BANDS[band + 1] <= halfRate; band++) {
            int end = Math.min(BANDS[band + 1], halfRate - TRANSITION);
            double error = 0;
            for (int channel = 0; channel < channels; channel++) {
                float mask = SHARE * pair(masks, index, channel * BAND_COUNT + band);
                for (int bin = BANDS[band]; bin < end; bin++) {
                    int at = channel * BINS + bin;
                    float ratio = (before[at] + now[at] + mask) / (pair(powers, index, at) + mask);
                    error += weight(bin) * (ratio - Math.log(ratio) - 1);
                }
            }
            double mean = error / ((BANDS[band + 1] - BANDS[band]) * channels);
            sum += mean * mean;
        }
        // By all bands, whatever the rate: lower rates may be a little worse.
        return sum / BAND_COUNT;
    }

    /** What a window masks in each band of each channel, with what is left of {@code before}. */
    private float[] mask(float[] power, float[] before) {
        float[] mask = new float[channels * BAND_COUNT];
        for (int channel = 0; channel < channels; channel++) {
            int first = channel * BAND_COUNT;
            for (int band = 0; band < BAND_COUNT; band++) {
                mask[first + band] = meanPower(power, channel, band);
            }
            for (int band = first + 1; band < first + BAND_COUNT; band++) {
                mask[band] += MASKED_UPWARDS * mask[band - 1];
            }
            for (int band = first + BAND_COUNT - 2; band >= first; band--) {
                mask[band] += MASKED_DOWNWARDS * mask[band + 1];
            }
            for (int band = first; band < first + BAND_COUNT; band++) {
                mask[band] += MASKED_ONWARDS * before[band];
            }
        }
        if (channels == 2) {
            for (int band = 0; band < BAND_COUNT; band++) {
                float left = mask[band];
                mask[band] += MASKED_ACROSS * mask[BAND_COUNT + band];
                mask[BAND_COUNT + band] += MASKED_ACROSS * left;
            }
        }
        return mask;
    }

    private static float meanPower(float[] power, int channel, int band) {
        float sum = 0;
        for (int bin = BANDS[band]; bin < BANDS[band + 1]; bin++) {
            sum += power[channel * BINS + bin];
        }
        return sum / (BANDS[band + 1] - BANDS[band]);
    }

    private static float pair(float[][] values, int index, int at) {
        return index == 0 ? values[0][at] : values[index - 1][at] + values[index][at];
    }

    private static double weight(int bin) {
        if (bin == CROSS_OVER) {
            return 0.01;
        }
        return Math.abs(bin - CROSS_OVER) == 1 ? 0.1 : 1;
    }
}
