package dev.decant.container;

import java.io.IOException;

/**
 * Nothing can be had of a recording, because of what is in it. The message names the path, where it matters the byte,
 * what is wrong and what would be right.
 */
public final class RecordingException extends IOException {
    private final long offset;

    RecordingException(String path, long offset, String message) {
        super(path + (offset > 0 ? ", byte " + offset : "") + ": " + message);
        this.offset = offset;
    }

    /** Where in the recording, in bytes. */
    public long offset() {
        return offset;
    }
}
