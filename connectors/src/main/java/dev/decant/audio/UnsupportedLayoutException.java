package dev.decant.audio;

/**
 * The channels of a link cannot be given as they are wished for: its packets go to the dead letters until another link
 * begins. The message is one sentence that names the header and the option. There is no stack trace, since headers come
 * from outside.
 */
public final class UnsupportedLayoutException extends Exception {
    UnsupportedLayoutException(String message) {
        super(message, null, false, false);
    }
}
