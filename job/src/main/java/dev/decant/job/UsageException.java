package dev.decant.job;

/**
 * What the user asked for cannot be done; the message is one sentence that names the thing and what would be right. It
 * ends the command with {@link #exitCode()} and without a stack trace.
 */
public final class UsageException extends RuntimeException {
    /** The command could not do what was asked. */
    static final int FAILED = 1;
    /** The command was not called as it must be. */
    static final int USAGE = 2;
    /** The command was done, but for some of the recordings or of the dead letters. */
    static final int SOME_FAILED = 3;

    private final int exitCode;

    private UsageException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** An option or an argument is wrong or missing. */
    static UsageException usage(String message) {
        return new UsageException(USAGE, message, null);
    }

    /** The options are right, but what they name cannot be used. */
    static UsageException failed(String message, Throwable cause) {
        return new UsageException(FAILED, message, cause);
    }

    int exitCode() {
        return exitCode;
    }
}
