package dev.decant.opus;

/** Why no decoder of a library can be saved; the message is a sentence without its full stop. */
final class NoImagesException extends Exception {
    NoImagesException(String message) {
        super(message);
    }
}
