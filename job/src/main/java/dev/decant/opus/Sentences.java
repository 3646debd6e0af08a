package dev.decant.opus;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** Makes a few words of what went wrong, to end a sentence with. */
final class Sentences {
    private Sentences() {}

    static String of(Throwable thrown) {
        if (thrown instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (thrown instanceof AccessDeniedException) {
            return "access is denied";
        }
        if (thrown instanceof FileSystemException e && e.getReason() != null) {
            return e.getReason();
        }
        if (thrown instanceof NoClassDefFoundError || thrown.getMessage() == null) {
            return thrown.toString();
        }
        List<String> lines = thrown.getMessage().lines().toList();
        // JNA's first line says that it failed and ends with a colon; the reason follows.
        return lines.get(lines.size() > 1 && lines.get(0).endsWith(":") ? 1 : 0).strip();
    }
}
