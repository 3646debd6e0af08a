package dev.decant.kafka;

import dev.decant.audio.DeadLetter.Reason;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Numbers in header values: decimal ASCII, straight from and to bytes, since this runs for each packet. */
final class DecimalHeader {
    /** More digits than this cannot be a 64-bit number, unless it has leading zeros. */
    private static final int MAX_DIGITS = 19;

    private static final int MAX_SHOWN_BYTES = 32;

    private DecimalHeader() {}

    /**
     * The number in {@code header}: digits, with a minus before them if it is negative, and nothing else.
     *
     * @param min the least value allowed, greater than {@link Long#MIN_VALUE}
     * @param max the greatest value allowed
     * @throws MalformedRecordException if there is no such number
     */
    static long read(Header header, long min, long max) throws MalformedRecordException {
        byte[] text = header.value();
        if (text == null) {
            throw malformed(header, min, max);
        }
        int start = text.length > 0 && text[0] == '-' ? 1 : 0;
        int digits = text.length - start;
        if (digits == 0 || digits > MAX_DIGITS) {
            throw malformed(header, min, max);
        }
        long magnitude = 0;
        for (int i = start; i < text.length; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                throw malformed(header, min, max);
            }
            magnitude = magnitude * 10 + digit;
        }
        // 19 digits fit into 64 bits without a sign: too large a number shows as a negative one.
        long value = start == 0 ? magnitude : -magnitude;
        if (magnitude < 0 || value < min || value > max) {
            throw malformed(header, min, max);
        }
        return value;
    }

    /** A header with {@code value} in decimal. */
    static Header of(String name, long value) {
        return new RecordHeader(name, bytes(value));
    }

    private static byte[] bytes(long value) {
        if (value < 0) {
            return Long.toString(value).getBytes(StandardCharsets.ISO_8859_1);
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        byte[] text = new byte[digits];
        long rest = value;
        for (int i = digits - 1; i >= 0; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return text;
    }

    private static MalformedRecordException malformed(Header header, long min, long max) {
        return new MalformedRecordException(
                Reason.MALFORMED_HEADER,
                "header " + header.key() + " holds " + shown(header.value()) + ": take a decimal number from " + min
                        + " to " + max);
    }

    /** The start of a header value for a message: quoted, and harmless to a log. */
    static String shown(byte[] value) {
        if (value == null) {
            return "null";
        }
        StringBuilder shown = new StringBuilder("\"");
        for (int i = 0; i < Math.min(value.length, MAX_SHOWN_BYTES); i++) {
            char c = (char) (value[i] & 0xFF);
            shown.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return shown.append(value.length > MAX_SHOWN_BYTES ? "\"…" : "\"").toString();
    }
}
