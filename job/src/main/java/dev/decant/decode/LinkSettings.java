package dev.decant.decode;

import dev.decant.audio.ChannelLayout;
import java.util.Objects;

/**
 * What the header of a link, or its absence, settles for all its steps.
 *
 * @param layout what decoder it takes, and the channels of the output; their number the first link of a stream settles for
 *     the links that follow
 * @param gain for the decoder to apply, 1/256 dB
 * @param preSkip where on the segment's clock the PCM begins, 48 kHz ticks; 0 for one who joins in the middle
 */
record LinkSettings(ChannelLayout layout, int gain, int preSkip) {
    LinkSettings {
        Objects.requireNonNull(layout, "layout");
    }

    /** For a plain decoder that gives 1 or 2 channels. */
    LinkSettings(int channels, int gain, int preSkip) {
        this(ChannelLayout.plain(channels), gain, preSkip);
    }

    /** Of the output. */
    int channels() {
        return layout.channels();
    }
}
