package dev.decant.kafka;

import dev.decant.audio.DeadLetter.Reason;

/** A record breaks the contract. Made without a stack trace: a flood of broken records must stay cheap. */
final class MalformedRecordException extends Exception {
    private final Reason reason;

    MalformedRecordException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
