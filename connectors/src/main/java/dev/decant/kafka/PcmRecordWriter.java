package dev.decant.kafka;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * PCM into records, as {@link PcmHeaders} says. Records carry the time of their writing, not of their packet: an old
 * recording that is decoded today must not fall to the topic's retention tonight.
 */
final class PcmRecordWriter extends TopicRecordWriter<PcmFrame> {
    private static final Map<Outcome, Header> OUTCOMES = new EnumMap<>(Outcome.class);
    private static final Map<SampleFormat, Header> SAMPLE_FORMATS = new EnumMap<>(SampleFormat.class);

    static {
        for (Outcome outcome : Outcome.values()) {
            OUTCOMES.put(outcome, new RecordHeader(PcmHeaders.OUTCOME, ascii(word(outcome))));
        }
        for (SampleFormat format : SampleFormat.values()) {
            SAMPLE_FORMATS.put(format, new RecordHeader(PcmHeaders.FORMAT, ascii(format.label())));
        }
    }

    /** The format of the last frame and its headers: a job writes one format, or a few in long runs. */
    private transient PcmFormat format;

    private transient Header rate;
    private transient Header channels;

    PcmRecordWriter(String topic) {
        super(topic);
    }

    /** The record for {@code frame}, or null if nothing is to be written: the connector then goes on. */
    @Override
    public ProducerRecord<byte[], byte[]> serialize(PcmFrame frame, KafkaSinkContext context, Long timestamp) {
        if (frame.outcome() == Outcome.RESET) {
            return null;
        }
        if (!frame.format().equals(format)) {
            format = frame.format();
            rate = DecimalHeader.of(PcmHeaders.RATE, format.rate());
            channels = DecimalHeader.of(PcmHeaders.CHANNELS, format.channels());
        }
        byte[] value = frame.outcome() == Outcome.END ? null : frame.pcm();
        var record = new ProducerRecord<>(topic(), frame.streamId().getBytes(StandardCharsets.UTF_8), value);
        Headers headers = record.headers();
        headers.add(SAMPLE_FORMATS.get(format.sampleFormat()));
        headers.add(rate);
        headers.add(channels);
        headers.add(DecimalHeader.of(PcmHeaders.SAMPLES, frame.sampleCount()));
        headers.add(DecimalHeader.of(PcmHeaders.SEGMENT, frame.segment()));
        headers.add(DecimalHeader.of(PcmHeaders.POSITION, frame.position()));
        headers.add(OUTCOMES.get(frame.outcome()));
        return record;
    }

    /** The outcome as {@link PcmHeaders#OUTCOME} names it. */
    static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
