package dev.decant.kafka;

/** A topic, or the brokers that hold it, cannot be used; the message is one sentence that names it and a way out. */
public final class TopicException extends RuntimeException {
    TopicException(String message) {
        super(message);
    }

    TopicException(String message, Throwable cause) {
        super(message, cause);
    }
}
