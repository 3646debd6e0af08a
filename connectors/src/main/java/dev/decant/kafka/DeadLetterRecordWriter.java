package dev.decant.kafka;

import dev.decant.audio.CarrierHeader;
import dev.decant.audio.DeadLetter;
import dev.decant.audio.PacketOrigin;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Dead letters into records, as {@link DeadLetterHeaders} says, and never longer than the topic takes: what is too much is
 * cut, the key last and the headers first. Records carry the time of their writing, so that the topic's retention counts
 * from there.
 */
final class DeadLetterRecordWriter extends TopicRecordWriter<DeadLetter> {
    private static final String CONNECTOR_NAME = "decant";

    /** A reason is a sentence: what goes on for longer is cut. */
    private static final int MAX_MESSAGE_CHARS = 2_000;

    /** More than the headers that say what was cut take together. */
    private static final int CUT_HEADERS_BYTES = 192;

    private final int maxRecordBytes;

    /**
     * @param maxRecordBytes what topic and producer take; much more than the headers need
     */
    DeadLetterRecordWriter(String topic, int maxRecordBytes) {
        super(topic);
        this.maxRecordBytes = maxRecordBytes;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        Headers about = headersAbout(letter, context.getParallelInstanceId());
        int left = maxRecordBytes - CUT_HEADERS_BYTES - (int) RecordBytes.of(null, null, about);
        byte[] key = cut(letter.key(), left, DeadLetterHeaders.KEY_BYTES, about);
        left -= RecordBytes.length(key);
        byte[] value = cut(letter.value(), left, DeadLetterHeaders.VALUE_BYTES, about);
        left -= RecordBytes.length(value);
        Headers headers = cut(asTheyCame(letter), left, about);
        about.forEach(headers::add);
        return new ProducerRecord<>(topic(), null, key, value, headers);
    }

    private static Headers headersAbout(DeadLetter letter, int subtask) {
        PacketOrigin origin = letter.origin();
        Headers headers = new RecordHeaders();
        add(headers, DeadLetterHeaders.TOPIC, origin.source());
        headers.add(DecimalHeader.of(DeadLetterHeaders.PARTITION, origin.partition()));
        headers.add(DecimalHeader.of(DeadLetterHeaders.OFFSET, origin.offset()));
        add(headers, DeadLetterHeaders.CONNECTOR_NAME, CONNECTOR_NAME);
        headers.add(DecimalHeader.of(DeadLetterHeaders.TASK_ID, subtask));
        add(headers, DeadLetterHeaders.STAGE, letter.stage().name());
        add(headers, DeadLetterHeaders.CLASS_NAME, javaName(letter.stage()));
        add(headers, DeadLetterHeaders.EXCEPTION_CLASS_NAME, javaName(letter.reason()));
        add(headers, DeadLetterHeaders.EXCEPTION_MESSAGE, shortened(letter.message()));
        add(headers, DeadLetterHeaders.REASON, letter.reason().name());
        if (origin.recordTime() != PacketOrigin.NO_TIME) {
            headers.add(DecimalHeader.of(DeadLetterHeaders.RECORD_TIME, origin.recordTime()));
        }
        return headers;
    }

    private static List<CarrierHeader> asTheyCame(DeadLetter letter) {
        return letter.headers().stream()
                .filter(header -> !DeadLetterHeaders.isAboutLetter(header.name()))
                .toList();
    }

    private static void add(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String javaName(Enum<?> constant) {
        return constant.getDeclaringClass().getCanonicalName() + "." + constant.name();
    }

    private static String shortened(String message) {
        return message.length() <= MAX_MESSAGE_CHARS ? message : message.substring(0, MAX_MESSAGE_CHARS) + "…";
    }

    private static byte[] cut(byte[] bytes, int length, String headerName, Headers about) {
        if (bytes == null || bytes.length <= length) {
            return bytes;
        }
        about.add(DecimalHeader.of(headerName, bytes.length));
        return Arrays.copyOf(bytes, length);
    }

    /** Those before the first that does not fit: what is left is the beginning of what came. */
    private static Headers cut(List<CarrierHeader> came, int length, Headers about) {
        Headers headers = new RecordHeaders();
        long left = length;
        for (int i = 0; i < came.size(); i++) {
            Header header = new RecordHeader(came.get(i).name(), came.get(i).value());
            left -= RecordBytes.of(header);
            if (left < 0) {
                about.add(DecimalHeader.of(DeadLetterHeaders.HEADERS_LEFT_OUT, came.size() - i));
                return headers;
            }
            headers.add(header);
        }
        return headers;
    }
}
