package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.PcmFormat;
import java.util.Objects;

/**
 * What a decoder is told when it is made.
 *
 * @param format rate, channels and sample format of the output
 * @param layout what decoder it is; its channels are those of the format
 * @param gain applied to the output, 1/256 dB (opus_defines.h, {@code OPUS_SET_GAIN}), -32,768 to 32,767
 * @param complexity 0 to 10 ({@code OPUS_SET_COMPLEXITY}). Up to 5 the output of good packets is what RFC 6716 says; from
 *     6 on, libraries with neural extensions (libopus 1.5 and later) change it. libopus 1.4 ignores it
 * @param phaseInversion whether intensity stereo may invert phases; off for output that is mixed to mono
 *     ({@code OPUS_SET_PHASE_INVERSION_DISABLED})
 * @param verification how damage to its memory is looked for
 */
public record DecoderSettings(
        PcmFormat format,
        ChannelLayout layout,
        int gain,
        int complexity,
        boolean phaseInversion,
        DecoderVerification verification) {
    public DecoderSettings {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(layout, "layout");
        if (format.channels() != layout.channels()) {
            throw new IllegalArgumentException("A decoder for " + layout.channels() + " channels, and a format of "
                    + format.channels() + ": take the same number");
        }
        Objects.requireNonNull(verification, "verification");
        requireRange("gain", gain, Short.MIN_VALUE, Short.MAX_VALUE);
        requireRange("complexity", complexity, 0, 10);
    }

    /** Settings of a plain decoder, mono or stereo as the format is. */
    public DecoderSettings(
            PcmFormat format, int gain, int complexity, boolean phaseInversion, DecoderVerification verification) {
        this(format, ChannelLayout.plain(format.channels()), gain, complexity, phaseInversion, verification);
    }

    /** Settings of a plain decoder with no gain, complexity 0, phase inversion as in the stream, guards checked. */
    public static DecoderSettings of(PcmFormat format) {
        return new DecoderSettings(format, 0, 0, true, DecoderVerification.GUARDS);
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("A decoder " + name + " of " + value + ": take " + min + " to " + max);
        }
    }
}
