package dev.decant.container;

import java.util.Locale;

/** A box breaks a rule of its format, so that what is in it cannot be read. */
final class MalformedBoxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;

    MalformedBoxException(long offset, String message, Object... values) {
        super(String.format(Locale.ROOT, message, values));
        this.offset = offset;
    }

    /** Where the box begins in the recording, in bytes. */
    long offset() {
        return offset;
    }
}
