package dev.decant.monitoring;

import dev.decant.audio.Printable;

/** What others have written, in a line of the log: it cannot end the line, nor turn what a terminal shows of it, nor fill it. */
public final class LogText {
    /** Room for the longest stream ID and a sentence. */
    static final int MOST_CHARACTERS = 2_048;

    private LogText() {}

    /** The text as {@link Printable} shows it; what is beyond 2,048 characters is left out, with "…" in its place. */
    public static String escaped(String text) {
        return text.length() <= MOST_CHARACTERS
                ? Printable.of(text)
                : Printable.of(text.substring(0, MOST_CHARACTERS)) + "…";
    }
}
