package dev.decant.container;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which files of a folder are recordings. Patterns are globs as {@link FileSystem#getPathMatcher} has them: without a slash
 * they are matched with the file's name, wherever it is, with one with its path below the input folder. Unless one is
 * included, those files are with the usual endings ({@link OutputNames#hasKnownEnding}).
 *
 * <p>Files and folders whose names begin with a dot or an underscore are hidden, and passed over, unless an included
 * pattern, or an element of its path, begins with one of these: then the patterns alone decide.
 */
final class RecordingPatterns {
    private static final Pattern NAMES_HIDDEN = Pattern.compile("(^|/)[._]");

    /** What Java's globs never match; they are expressions for one line. */
    private static final Pattern LINE_ENDS = Pattern.compile("[\n\r\u0085\u2028\u2029]");

    private final List<Glob> included;
    private final List<Glob> excluded;
    private final boolean takesHidden;

    /**
     * @throws IllegalArgumentException if a pattern is none; the message names it
     */
    RecordingPatterns(List<String> included, List<String> excluded) {
        this.included = included.stream().map(Glob::new).toList();
        this.excluded = excluded.stream().map(Glob::new).toList();
        this.takesHidden =
                included.stream().anyMatch(glob -> NAMES_HIDDEN.matcher(glob).find());
    }

    /** Whether a file or folder of that name is passed over, whatever else the patterns say. */
    boolean passesOver(String name) {
        return !takesHidden && (name.startsWith(".") || name.startsWith("_"));
    }

    /** Whether the file is a recording, by its path below the input folder. */
    boolean takes(String path) {
        String name = OutputNames.lastElement(path);
        boolean isIncluded = included.isEmpty()
                ? OutputNames.hasKnownEnding(name)
                : included.stream().anyMatch(glob -> glob.matches(path, name));
        return isIncluded && excluded.stream().noneMatch(glob -> glob.matches(path, name));
    }

    private static final class Glob {
        private final boolean wholePath;
        private final PathMatcher matcher;

        private Glob(String pattern) {
            if (pattern.isEmpty() || pattern.startsWith("/")) {
                throw new IllegalArgumentException("the pattern \"" + pattern
                        + "\" matches nothing: take one for names, \"*.opus\", or for paths below the input folder,"
                        + " \"2024/**.opus\"");
            }
            wholePath = pattern.indexOf('/') >= 0;
            try {
                matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            } catch (PatternSyntaxException refusal) {
                throw new IllegalArgumentException(
                        "the pattern \"" + pattern + "\" is no glob: " + refusal.getDescription(), refusal);
            }
        }

        private boolean matches(String path, String name) {
            try {
                String matched = LINE_ENDS.matcher(wholePath ? path : name).replaceAll(" ");
                return matcher.matches(Path.of(matched));
            } catch (InvalidPathException unmappable) {
                // No pattern can be matched with what this machine cannot write.
                return false;
            }
        }
    }
}
