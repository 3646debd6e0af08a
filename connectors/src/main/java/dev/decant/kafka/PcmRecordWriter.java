package dev.decant.kafka;

import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * PCM into records, as {@link PcmHeaders} says. Records carry the time of their writing, not of their packet: an old
 * recording that is decoded today must not fall to the topic's retention tonight.
 */
final class PcmRecordWriter extends TopicRecordWriter<PcmFrame> {
    private final FormatHeaders formatHeaders = new FormatHeaders();

    PcmRecordWriter(String topic) {
        super(topic);
    }

    /** The record for {@code frame}, or null if nothing is to be written: the connector then goes on. */
    @Override
    public ProducerRecord<byte[], byte[]> serialize(PcmFrame frame, KafkaSinkContext context, Long timestamp) {
        if (frame.outcome() == Outcome.RESET) {
            return null;
        }
        byte[] value = frame.outcome() == Outcome.END ? null : frame.pcm();
        var record = new ProducerRecord<>(topic(), frame.streamId().getBytes(StandardCharsets.UTF_8), value);
        Headers headers = record.headers();
        formatHeaders.add(frame.format(), headers);
        headers.add(DecimalHeader.of(PcmHeaders.SAMPLES, frame.sampleCount()));
        headers.add(DecimalHeader.of(PcmHeaders.SEGMENT, frame.segment()));
        headers.add(DecimalHeader.of(PcmHeaders.POSITION, frame.position()));
        headers.add(OutcomeHeader.of(frame.outcome()));
        return record;
    }
}
