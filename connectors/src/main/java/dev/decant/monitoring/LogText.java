package dev.decant.monitoring;

/** What others have written, in a line of the log: it cannot end the line, nor turn what a terminal shows of it. */
public final class LogText {
    /** Room for the longest stream ID and a sentence. */
    static final int MOST_CHARACTERS = 2_048;

    private LogText() {}

    /**
     * The text with control characters, line separators, invisible characters and halves of surrogate pairs as
     * {@code \}{@code u000a}; what is beyond 2,048 characters is left out, with "…" in its place.
     */
    public static String escaped(String text) {
        int shown = Math.min(text.length(), MOST_CHARACTERS);
        int harmless = 0;
        while (harmless < shown && isPlain(text.charAt(harmless))) {
            harmless++;
        }
        if (harmless == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(shown + 16);
        for (int i = 0; i < shown; ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (isHarmless(character)) {
                escaped.appendCodePoint(character);
            } else {
                escaped.append(String.format(character > 0xFFFF ? "\\u{%x}" : "\\u%04x", character));
            }
        }
        return escaped.append(shown < text.length() ? "…" : "").toString();
    }

    private static boolean isPlain(char character) {
        return character >= ' ' && character <= '~';
    }

    private static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
