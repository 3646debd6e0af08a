package dev.decant.kafka;

import dev.decant.audio.DeadLetter.Reason;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Headers that a record of ours must have, and what is said of one that has not. */
final class RequiredHeaders {
    private RequiredHeaders() {}

    /**
     * The last header of that name.
     *
     * @throws MalformedRecordException if there is none
     */
    static Header header(ConsumerRecord<byte[], byte[]> record, String name) throws MalformedRecordException {
        Header header = record.headers().lastHeader(name);
        if (header == null) {
            throw malformed("header " + name + " is missing");
        }
        return header;
    }

    /**
     * Its value as text.
     *
     * @throws MalformedRecordException if there is no such header, or its value is null
     */
    static String text(ConsumerRecord<byte[], byte[]> record, String name) throws MalformedRecordException {
        byte[] value = header(record, name).value();
        if (value == null) {
            throw malformed("header " + name + " is null");
        }
        return new String(value, StandardCharsets.UTF_8);
    }

    static MalformedRecordException malformed(String message) {
        return new MalformedRecordException(Reason.MALFORMED_HEADER, message);
    }

    /** What a reader of records throws: the record, and what is wrong with it. */
    static IllegalArgumentException refusal(ConsumerRecord<byte[], byte[]> record, MalformedRecordException malformed) {
        return new IllegalArgumentException(
                "record " + record.topic() + "-" + record.partition() + "@" + record.offset() + ": "
                        + malformed.getMessage(),
                malformed);
    }
}
