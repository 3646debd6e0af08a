package dev.decant.opus;

/** A decoder, or the making of one, failed; {@link #error()} says what to do next. */
public final class OpusException extends RuntimeException {
    private final OpusError error;

    OpusException(OpusError error, String message) {
        super(message + ": " + error);
        this.error = error;
    }

    OpusException(OpusError error, String message, Throwable cause) {
        super(message + ": " + error, cause);
        this.error = error;
    }

    public OpusError error() {
        return error;
    }
}
