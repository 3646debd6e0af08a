package dev.decant.container;

/**
 * Something in a recording that is not as it should be, or why nothing more of it could be read.
 *
 * @param offset where, in bytes
 * @param kind whether it matters to what is heard
 * @param message what, in a sentence
 */
public record RecordingProblem(long offset, Kind kind, String message) {

    /** Whether a problem matters to what is heard. */
    public enum Kind {
        /** Something is missing, or had to be passed over. */
        DAMAGE,
        /** The bytes could not be read: a disk, a network, a permission. Trying again may help. */
        UNREADABLE,
        /** The RFC says otherwise, but nothing is known to be missing. Browsers, for one, write no last page. */
        IRREGULARITY
    }

    @Override
    public String toString() {
        return "byte " + offset + ": " + message;
    }
}
