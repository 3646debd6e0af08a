package dev.decant.kafka;

import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The headers that tell the format of PCM. Those of the last one are kept: a job writes one, or a few in long runs. */
final class FormatHeaders implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Map<SampleFormat, Header> SAMPLE_FORMATS = new EnumMap<>(SampleFormat.class);

    static {
        for (SampleFormat format : SampleFormat.values()) {
            SAMPLE_FORMATS.put(
                    format, new RecordHeader(PcmHeaders.FORMAT, format.label().getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private static final Map<ChannelOrder, Header> CHANNEL_ORDERS = new EnumMap<>(ChannelOrder.class);

    static {
        for (ChannelOrder order : ChannelOrder.values()) {
            CHANNEL_ORDERS.put(
                    order,
                    new RecordHeader(PcmHeaders.CHANNEL_ORDER, order.label().getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private transient PcmFormat format;
    private transient Header rate;
    private transient Header channels;

    void add(PcmFormat added, Headers headers) {
        if (!added.equals(format)) {
            format = added;
            rate = DecimalHeader.of(PcmHeaders.RATE, format.rate());
            channels = DecimalHeader.of(PcmHeaders.CHANNELS, format.channels());
        }
        headers.add(SAMPLE_FORMATS.get(format.sampleFormat()));
        headers.add(rate);
        headers.add(channels);
        if (format.channels() > 2 || format.order() != ChannelOrder.SPEAKERS) {
            headers.add(CHANNEL_ORDERS.get(format.order()));
        }
    }
}
