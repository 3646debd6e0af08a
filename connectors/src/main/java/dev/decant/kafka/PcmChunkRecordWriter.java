package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmFrame.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** Chunks of PCM into records, as {@link PcmHeaders} says; the time of a record is that of its writing. */
final class PcmChunkRecordWriter extends TopicRecordWriter<PcmChunk> {
    private final FormatHeaders formatHeaders = new FormatHeaders();

    PcmChunkRecordWriter(String topic) {
        super(topic);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(PcmChunk chunk, KafkaSinkContext context, Long timestamp) {
        Optional<Outcome> outcome = chunk.outcome();
        boolean end = outcome.filter(Outcome.END::equals).isPresent();
        byte[] value = end ? null : chunk.pcm();
        var record = new ProducerRecord<>(topic(), chunk.streamId().getBytes(StandardCharsets.UTF_8), value);
        Headers headers = record.headers();
        formatHeaders.add(chunk.format(), headers);
        headers.add(DecimalHeader.of(PcmHeaders.SAMPLES, chunk.sampleCount()));
        headers.add(DecimalHeader.of(PcmHeaders.SEGMENT, chunk.segment()));
        headers.add(DecimalHeader.of(PcmHeaders.POSITION, chunk.position()));
        headers.add(outcome.map(OutcomeHeader::of).orElse(OutcomeHeader.mixed()));
        if (!end) {
            headers.add(OriginsHeader.of(chunk.origins()));
        }
        return record;
    }
}
