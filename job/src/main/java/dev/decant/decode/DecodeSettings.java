package dev.decant.decode;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.Serializable;

/**
 * How all streams of a job are decoded.
 *
 * @param library which implementation of Opus: {@code auto}, {@code embedded}, {@code system}, {@code java} or a path
 * @param sampleFormat of the PCM
 * @param rate of the PCM, samples a second and channel
 * @param channels of the PCM, 1 or 2; null: as each stream's header says, else 2
 * @param complexity of decoding, 0 to 10
 * @param phaseInversion whether intensity stereo may invert phases
 * @param maxLive decoders in memory at most, a subtask
 */
public record DecodeSettings(
        String library,
        SampleFormat sampleFormat,
        int rate,
        Integer channels,
        int complexity,
        boolean phaseInversion,
        int maxLive)
        implements Serializable {

    public DecodeSettings {
        PcmFormat.requireRate(rate);
        require(
                channels == null || channels == 1 || channels == 2,
                "pcm.channels is " + channels + ": take 1 or 2, or leave it out");
        require(complexity >= 0 && complexity <= 10, "decoder.complexity is " + complexity + ": take 0 to 10");
        require(maxLive >= 1, "decoder.max-live is " + maxLive + ": at least 1 is needed");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
