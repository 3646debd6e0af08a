package dev.decant.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;

/** Comparisons of samples. */
final class Pcm {
    private Pcm() {}

    /**
     * The signal to noise ratio in dB of {@code actual}, were {@code expected} without noise.
     *
     * @param expected s16le samples
     */
    static double signalToNoise(byte[] expected, byte[] actual) {
        ShortBuffer signal =
                ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        ShortBuffer heard =
                ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        double power = 0;
        double noise = 0;
        for (int i = 0; i < signal.limit(); i++) {
            double difference = (double) signal.get(i) - heard.get(i);
            power += (double) signal.get(i) * signal.get(i);
            noise += difference * difference;
        }
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(power / noise);
    }
}
