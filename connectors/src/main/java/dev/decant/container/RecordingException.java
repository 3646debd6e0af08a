package dev.decant.container;

import java.io.IOException;

/**
 * Nothing can be had of a recording, because of what is in it. The message names the path, where it matters the byte,
 * what is wrong and what would be right.
 */
public final class RecordingException extends IOException {
    private final long offset;
    private final String problem;

    RecordingException(String path, long offset, String message) {
        super(path + (offset > 0 ? ", byte " + offset : "") + ": " + message);
        this.offset = offset;
        this.problem = message;
    }

    /** Where in the recording, in bytes. */
    public long offset() {
        return offset;
    }

    /** The same without the path. */
    public RecordingProblem problem() {
        return new RecordingProblem(offset, RecordingProblem.Kind.DAMAGE, problem);
    }
}
