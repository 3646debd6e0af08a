package dev.decant.kafka;

/** A dead letter cannot be put back; the message says why. Made without a stack trace: there may be a flood of them. */
final class UnreplayableException extends Exception {
    UnreplayableException(String message) {
        super(message, null, false, false);
    }
}
