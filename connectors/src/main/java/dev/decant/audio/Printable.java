package dev.decant.audio;

/**
 * Text of others, a stream ID or a file's name, for a line that people read: in a terminal, in a log. What a terminal would
 * obey, what would begin another line, and what would turn the order of the letters around, is shown as an escape of Java.
 */
public final class Printable {
    private Printable() {}

    /** The text with nothing in it but what can be seen; most often itself. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!isHarmless(text.codePointAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (isHarmless(point)) {
                escaped.appendCodePoint(point);
            } else {
                for (char c : Character.toChars(point)) {
                    escaped.append(String.format("\\u%04x", (int) c));
                }
            }
        });
        return escaped.toString();
    }

    private static boolean isHarmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            // Joiners are letters of some scripts; the others turn text around.
            case Character.FORMAT -> point == 0x200C || point == 0x200D;
            default -> true;
        };
    }
}
