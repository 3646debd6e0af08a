package dev.decant.opus;

import dev.decant.audio.MediaClock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * How near the output of a decoder is to the best of some references, by the measure of {@code opus_compare} (RFC 6716,
 * section 6.1, as RFC 8251 has it). It compares power spectra, up to what the output's rate can carry.
 */
public final class OpusCompare {
    /** Of an output whose quality is 50 %. */
    private static final double ERROR_AT_HALF = 0.13;

    private final int channels;
    private final int ticks;
    private final List<MaskedReference> references = new ArrayList<>();

    /**
     * @param references one or more, 48 kHz stereo s16le, of one length, at least 10 ms
     * @param channels of the outputs that will be compared; mono is compared with the mean of a reference's channels
     */
    public OpusCompare(List<byte[]> references, int channels) {
        this.channels = channels;
        ticks = references.get(0).length / (2 * Short.BYTES);
        for (byte[] reference : references) {
            float[] samples = samples(reference);
            require(samples.length / 2 == ticks, "references of " + ticks + " and " + samples.length / 2 + " samples");
            require(
                    ticks >= PowerSpectra.WINDOW_TICKS,
                    "a reference of " + ticks + " samples: at least 480 are needed");
            this.references.add(new MaskedReference(channels == 2 ? samples : means(samples), channels));
        }
    }

    /**
     * The quality of an output in percent: 100 where its spectra are those of a reference; negative: it does not conform.
     *
     * @param output s16le
     * @throws IllegalArgumentException if it does not last as long as the references
     */
    public double quality(byte[] output, int rate) {
        int ticksPerSample = MediaClock.HZ / rate;
        float[] samples = samples(output);
        int length = samples.length / channels * ticksPerSample;
        require(length == ticks, "the output lasts " + length + " ticks of 48 kHz, the reference " + ticks);
        double error = leastError(new PowerSpectra(samples, channels, ticksPerSample), rate / 200);
        return 100 * (1 - 0.5 * Math.log1p(error) / Math.log1p(ERROR_AT_HALF));
    }

    private double leastError(PowerSpectra output, int halfRate) {
        double[] sums = new double[references.size()];
        float[] before = new float[channels * PowerSpectra.BINS];
        float[] now = new float[channels * PowerSpectra.BINS];
        for (int window = 0; window < output.windows(); window++) {
            output.read(window, now);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += Math.pow(references.get(i).error(window, before, now, halfRate), 4);
            }
            float[] free = before;
            before = now;
            now = free;
        }
        double least = Double.POSITIVE_INFINITY;
        for (double sum : sums) {
            least = Math.min(least, sum);
        }
        return Math.pow(least / output.windows(), 1.0 / 16);
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

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
