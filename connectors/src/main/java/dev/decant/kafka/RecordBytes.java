package dev.decant.kafka;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Utils;

/** How long a record is at most, alone in its batch and not compressed, in Kafka's message format 2. */
final class RecordBytes {
    /** More than batch (61 bytes) and record (21) take besides key, value and headers. */
    private static final int OVERHEAD = 128;

    /** The most that a header takes besides its name and value: their two lengths. */
    private static final int HEADER_OVERHEAD = 10;

    private RecordBytes() {}

    /** Of a record with this key and this value, either of which may be null, and these headers. */
    static long of(byte[] key, byte[] value, Iterable<Header> headers) {
        long bytes = OVERHEAD + (long) length(key) + length(value);
        for (Header header : headers) {
            bytes += of(header);
        }
        return bytes;
    }

    /** What a header adds. */
    static long of(Header header) {
        return HEADER_OVERHEAD + (long) Utils.utf8Length(header.key()) + length(header.value());
    }

    static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
