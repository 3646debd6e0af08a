package dev.decant.decode;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;

/** The shapes of the PCM of a job, which differ in their channels alone; each is made once, not with every packet. */
final class PcmFormats {
    private static final int ORDERS = ChannelOrder.values().length;

    private final SampleFormat sampleFormat;
    private final int rate;
    private final PcmFormat[] formats = new PcmFormat[256 * ORDERS];

    PcmFormats(SampleFormat sampleFormat, int rate) {
        this.sampleFormat = sampleFormat;
        this.rate = rate;
    }

    PcmFormat of(ChannelLayout layout) {
        int index = layout.channels() * ORDERS + layout.order().ordinal();
        PcmFormat format = formats[index];
        if (format == null) {
            format = new PcmFormat(sampleFormat, rate, layout.channels(), layout.order());
            formats[index] = format;
        }
        return format;
    }
}
