package dev.decant.bench;

/** What a row measures is not on this machine, and need not be; the message says what. The other rows can be measured. */
final class NotMeasuredException extends Exception {
    NotMeasuredException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
