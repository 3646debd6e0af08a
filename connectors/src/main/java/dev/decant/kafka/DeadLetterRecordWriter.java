package dev.decant.kafka;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.PacketOrigin;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Dead letters into records, as {@link DeadLetterHeaders} says, and never longer than the topic takes. Records carry
 * the time of their writing, so that the topic's retention counts from there.
 */
final class DeadLetterRecordWriter extends TopicRecordWriter<DeadLetter> {
    private static final String CONNECTOR_NAME = "decant";

    /** A reason is a sentence: what goes on for longer is cut. */
    private static final int MAX_MESSAGE_CHARS = 2_000;

    /** More than batch (61 bytes) and record (21) take besides key, value and headers in Kafka's message format 2. */
    private static final int RECORD_OVERHEAD_BYTES = 128;

    /** The most that a header takes besides its name and value: their two lengths. */
    private static final int HEADER_OVERHEAD_BYTES = 10;

    /** More than {@link DeadLetterHeaders#KEY_BYTES} and {@link DeadLetterHeaders#VALUE_BYTES} take together. */
    private static final int CUT_HEADERS_BYTES = 128;

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
        Headers headers = headers(letter, context.getParallelInstanceId());
        int left = maxRecordBytes - RECORD_OVERHEAD_BYTES - CUT_HEADERS_BYTES - bytes(headers);
        byte[] key = cut(letter.key(), left, DeadLetterHeaders.KEY_BYTES, headers);
        int leftForValue = key == null ? left : left - key.length;
        byte[] value = cut(letter.value(), leftForValue, DeadLetterHeaders.VALUE_BYTES, headers);
        return new ProducerRecord<>(topic(), null, key, value, headers);
    }

    private static Headers headers(DeadLetter letter, int subtask) {
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
        return headers;
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

    private static int bytes(Headers headers) {
        int bytes = 0;
        for (Header header : headers) {
            // The names are ASCII.
            bytes += header.key().length() + header.value().length + HEADER_OVERHEAD_BYTES;
        }
        return bytes;
    }

    private static byte[] cut(byte[] bytes, int length, String headerName, Headers headers) {
        if (bytes == null || bytes.length <= length) {
            return bytes;
        }
        headers.add(DecimalHeader.of(headerName, bytes.length));
        return Arrays.copyOf(bytes, length);
    }
}
