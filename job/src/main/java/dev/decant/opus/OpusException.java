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

    private OpusException(String message, OpusError error) {
        super(message);
        this.error = error;
    }

    /**
     * An exception that was thrown in another process.
     *
     * @param message all of it
     */
    static OpusException ofOtherProcess(OpusError error, String message) {
        return new OpusException(message, error);
    }

    public OpusError error() {
        return error;
    }
}
