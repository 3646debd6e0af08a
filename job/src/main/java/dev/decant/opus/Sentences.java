package dev.decant.opus;

import java.util.List;

/** Makes one line of what a library says went wrong. */
final class Sentences {
    private Sentences() {}

    /** The first line of the message that says more than that it failed, or the exception's name if there is none. */
    static String of(Throwable thrown) {
        if (thrown.getMessage() == null || thrown.getMessage().isBlank()) {
            return thrown.getClass().getSimpleName();
        }
        List<String> lines = thrown.getMessage().lines().toList();
        // JNA's first line repeats the file; the reason follows.
        boolean reasonFollows = lines.size() > 1 && lines.get(0).endsWith(":");
        String line = lines.get(reasonFollows ? 1 : 0).strip();
        boolean namesItself =
                thrown instanceof java.nio.file.FileSystemException || thrown instanceof NoClassDefFoundError;
        return namesItself ? thrown.getClass().getSimpleName() + " " + line : line;
    }
}
