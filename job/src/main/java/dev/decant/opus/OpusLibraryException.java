package dev.decant.opus;

/** No library could be opened; the message says what was tried, why each failed, and what to do. */
public final class OpusLibraryException extends RuntimeException {
    OpusLibraryException(String message) {
        super(message);
    }

    OpusLibraryException(String message, Throwable cause) {
        super(message, cause);
    }
}
