package dev.decant.decode;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.DecoderVerification;
import java.io.Serializable;
import java.util.Objects;

/**
 * How all streams of a job are decoded.
 *
 * @param library which implementation of Opus: {@code auto}, {@code embedded}, {@code system}, {@code java} or a path
 * @param sampleFormat of the PCM
 * @param rate of the PCM, samples a second and channel
 * @param channels of the PCM, 1 or 2; null: as the header of each stream's first link says, else 2
 * @param maxStreams the most streams that a packet may hold, 1 to 255
 * @param complexity of decoding, 0 to 10
 * @param phaseInversion whether intensity stereo may invert phases
 * @param verification how damage to a decoder's memory is looked for
 * @param limits of the decoders in memory, a subtask
 * @param recovery whether state is kept, from which a decoder comes back as it was; if not, it comes back as a new one
 * @param imageInterval steps at most from one image of a decoder to the next
 * @param isolation when decoders run in a process of their own
 * @param sequencing how packets are put in order, and what is done about those that do not come
 */
public record DecodeSettings(
        String library,
        SampleFormat sampleFormat,
        int rate,
        Integer channels,
        int maxStreams,
        int complexity,
        boolean phaseInversion,
        DecoderVerification verification,
        LiveLimits limits,
        boolean recovery,
        int imageInterval,
        IsolationSettings isolation,
        SequencerSettings sequencing)
        implements Serializable {

    public DecodeSettings {
        PcmFormat.requireRate(rate);
        require(
                channels == null || channels == 1 || channels == 2,
                "pcm.channels is " + channels + ": take 1 or 2, or leave it out");
        require(maxStreams >= 1 && maxStreams <= 255, "decoder.max-streams is " + maxStreams + ": take 1 to 255");
        require(complexity >= 0 && complexity <= 10, "decoder.complexity is " + complexity + ": take 0 to 10");
        Objects.requireNonNull(verification, "verification");
        Objects.requireNonNull(limits, "limits");
        require(imageInterval >= 1, "decoder.image-interval is " + imageInterval + ": at least 1 is needed");
        Objects.requireNonNull(isolation, "isolation");
        Objects.requireNonNull(sequencing, "sequencing");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
