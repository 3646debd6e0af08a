package dev.decant.kafka;

/** A topic, or the brokers that hold it, cannot be used; the message is one sentence that names it and a way out. */
public final class TopicException extends RuntimeException {
    TopicException(String message) {
        super(message);
    }

    TopicException(String message, Throwable cause) {
        super(message, cause);
    }

    /** No client can be made of the properties. */
    static TopicException noClient(String brokers, String why, Throwable cause) {
        return new TopicException("cannot set up a client for the brokers at " + brokers + ": " + why, cause);
    }

    /** The innermost message: Kafka's outer ones say no more than that something failed. */
    static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause().getMessage() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
