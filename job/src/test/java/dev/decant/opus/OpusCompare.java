package dev.decant.opus;

import dev.decant.audio.MediaClock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How near the output of a decoder is to a reference, by the measure of {@code opus_compare} (RFC 6716, section 6.1, as
 * RFC 8251 has it). It compares power spectra, up to what the output's rate can carry.
 */
public final class OpusCompare {
    /** Of an output whose quality is 50 %. */
    private static final double ERROR_AT_HALF = 0.13;

    private final int channels;
    private final int ticks;
    private final MaskedReference reference;

    /**
     * @param reference 48 kHz stereo s16le, at least 10 ms
     * @param channels of the outputs that will be compared; mono ones are with the mean of the reference's channels
     */
    public OpusCompare(byte[] reference, int channels) {
        float[] samples = samples(reference);
        this.channels = channels;
        ticks = samples.length / 2;
        if (ticks < PowerSpectra.WINDOW_TICKS) {
            throw new IllegalArgumentException("a reference of " + ticks + " samples: at least 480 are needed");
        }
        this.reference = new MaskedReference(channels == 2 ? samples : means(samples), channels);
    }

    /**
     * The quality of an output in percent: 100 where its spectra are those of the reference; negative: it does not
     * conform.
     *
     * @param output s16le
     * @throws IllegalArgumentException if it does not last as long as the reference
     */
    public double quality(byte[] output, int rate) {
        int ticksPerSample = MediaClock.HZ / rate;
        float[] samples = samples(output);
        int length = samples.length / channels * ticksPerSample;
        if (length != ticks) {
            throw new IllegalArgumentException(
                    "the output lasts " + length + " ticks of 48 kHz, the reference " + ticks);
        }
        double error = reference.error(samples, ticksPerSample);
        return 100 * (1 - 0.5 * Math.log1p(error) / Math.log1p(ERROR_AT_HALF));
    }

    private static float[] samples(byte[] pcm) {
        short[] whole = new short[pcm.length / Short.BYTES];
        ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(whole);
        float[] samples = new float[whole.length];
        for (int i = 0; i < whole.length; i++) {
            samples[i] = whole[i];
        }
        return samples;
    }

    private static float[] means(float[] stereo) {
        float[] means = new float[stereo.length / 2];
        for (int i = 0; i < means.length; i++) {
            means[i] = 0.5f * (stereo[2 * i] + stereo[2 * i + 1]);
        }
        return means;
    }
}
