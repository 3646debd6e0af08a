package dev.decant.container;

import dev.decant.audio.Digests;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What the outputs of recordings are called: the path of the recording without its ending, {@code a/b} for {@code
 * a/b.opus}. A file keeps its ending if another file of its folder would have the same name without, or if another file is
 * called exactly that. So no two outputs have the same name, and which name it is depends on nothing but the names of the
 * recordings in that folder.
 *
 * <p>What could not stand in an output folder is changed, and different names stay different: the first character of a
 * first element that Decant uses itself ({@code .decant}, {@code _manifest}, {@code _report}…), or that is a percent sign, is
 * percent-encoded. An element that is too long, or looks as if it had been, keeps its beginning, followed by {@code =} and the
 * SHA-256 of all of it.
 */
final class OutputNames {
    /** The endings of recordings. Their numbers are part of what {@link ListedNames} tells apart. */
    static final List<String> ENDINGS =
            List.of(".opus", ".ogg", ".oga", ".webm", ".mka", ".mkv", ".mp4", ".m4a", ".m4b");

    /** The longest last element in bytes: a file name ends at 255, and endings and a temporary file's name must fit. */
    static final int MAX_NAME_BYTES = 200;

    /** The longest folder in bytes. */
    private static final int MAX_FOLDER_BYTES = 255;

    private static final int HASH_CHARS = 1 + 64;
    private static final Pattern HASHED = Pattern.compile("(?s).*=[0-9a-f]{64}");

    private OutputNames() {}

    /** The name that stands for {@code path}, a recording's whole path below the input folder or that without ending. */
    static String of(String path) {
        StringBuilder name = new StringBuilder(path.length() + 8);
        for (int from = 0; from < path.length(); ) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            if (end > from) {
                String element = path.substring(from, end);
                boolean first = name.isEmpty();
                name.append(first ? "" : "/")
                        .append(fitted(
                                isReserved(element, first) ? encoded(element) : element,
                                slash < 0 ? MAX_NAME_BYTES : MAX_FOLDER_BYTES));
            }
            from = end + 1;
        }
        return name.toString();
    }

    /** Whether the file has the ending of a recording, in whatever case. */
    static boolean hasKnownEnding(String path) {
        return ending(path) >= 0;
    }

    /** How much of a path is left without its ending: all of it, if that stays. */
    static int stemLength(String path) {
        int ending = ending(path);
        if (ending < 0) {
            return path.length();
        }
        int length = path.length() - ENDINGS.get(ending).length();
        boolean isNothing = length == 0 || path.charAt(length - 1) == '/';
        return isNothing ? path.length() : length;
    }

    /** The path without its ending, if that does not stay. */
    static String stem(String path) {
        return path.substring(0, stemLength(path));
    }

    /** The number of the path's ending among {@link #ENDINGS}, or -1. */
    static int ending(String path) {
        for (int i = 0; i < ENDINGS.size(); i++) {
            String ending = ENDINGS.get(i);
            if (path.regionMatches(true, path.length() - ending.length(), ending, 0, ending.length())
                    && isAscii(path, path.length() - ending.length())) {
                return i;
            }
        }
        return -1;
    }

    static String lastElement(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Some letters of other alphabets are equal to those of ours but for case: the Kelvin sign, for one. */
    private static boolean isAscii(String path, int from) {
        return path.chars().skip(from).allMatch(c -> c < 0x80);
    }

    private static boolean isReserved(String element, boolean first) {
        return element.equals(".")
                || element.equals("..")
                || first
                        && (element.equals(".decant")
                                || element.equals("_manifest")
                                || element.startsWith("_report")
                                || element.startsWith("%"));
    }

    private static String encoded(String element) {
        return String.format(Locale.ROOT, "%%%02X", (int) element.charAt(0)) + element.substring(1);
    }

    private static String fitted(String element, int mostBytes) {
        byte[] bytes = element.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= mostBytes && !HASHED.matcher(element).matches()) {
            return element;
        }
        int length = Math.min(bytes.length, mostBytes - HASH_CHARS);
        while (length < bytes.length && (bytes[length] & 0xC0) == 0x80) {
            length--;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8) + "=" + Digests.sha256Hex(bytes);
    }
}
