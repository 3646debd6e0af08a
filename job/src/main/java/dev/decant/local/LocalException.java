package dev.decant.local;

/**
 * A local broker or cluster could not be started, or did not do what it was asked to. The message is for the user: it
 * begins with one sentence that says what failed, and the lines of the process' log that tell why follow it.
 */
public final class LocalException extends RuntimeException {
    LocalException(String message) {
        super(message);
    }

    LocalException(String message, Throwable cause) {
        super(message, cause);
    }
}
