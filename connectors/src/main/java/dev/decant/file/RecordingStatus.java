package dev.decant.file;

import java.util.Arrays;
import java.util.Locale;

/** How the transcoding of a recording ended. */
public enum RecordingStatus {
    /** All of it is in the output. */
    OK,
    /** What could be decoded is in the output; something is missing, or was made up. */
    DAMAGED,
    /** There is no output: nothing of it could be decoded, or the format cannot hold it. */
    FAILED,
    /** There is no output: its bytes could not be read to the end. A later run may have more luck. */
    UNREADABLE;

    /** As reports write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static boolean isLabel(String label) {
        return Arrays.stream(values()).anyMatch(status -> status.label().equals(label));
    }

    static RecordingStatus of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
