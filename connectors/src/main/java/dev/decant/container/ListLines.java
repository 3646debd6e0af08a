package dev.decant.container;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The lines of a list, UTF-8, ended by line feeds; a carriage return before one and a byte order mark are no part of them. */
final class ListLines implements Closeable {
    /** Longer than any path. */
    static final int MAX_LINE_BYTES = 8_192;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private long number;

    /**
     * @param in buffered; closed with this
     */
    ListLines(InputStream in) {
        this.in = in;
    }

    /** The next line; null after the last one. */
    Line next() throws IOException {
        line.reset();
        boolean tooLong = false;
        int octet = in.read();
        if (octet < 0) {
            return null;
        }
        for (; octet >= 0 && octet != '\n'; octet = in.read()) {
            tooLong |= line.size() == MAX_LINE_BYTES;
            if (!tooLong) {
                line.write(octet);
            }
        }
        number++;
        return tooLong
                ? new Line(number, null, "the line has more than " + MAX_LINE_BYTES + " bytes, and is no path")
                : decoded(line.toByteArray());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private Line decoded(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Line(number, null, "the line is no UTF-8");
        }
        if (number == 1 && text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        return new Line(number, text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, null);
    }

    /**
     * A line.
     *
     * @param number from 1
     * @param text null if it has none
     * @param refusal why it has none; else null
     */
    record Line(long number, String text, String refusal) {}
}
