package dev.decant.job;

import java.util.regex.Pattern;
import org.apache.flink.core.fs.Path;

/** Where something is, as people type it: a path on this machine, or a URI of any file system that Flink has. */
final class Locations {
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*", Pattern.DOTALL);

    private Locations() {}

    /** Flink's path, with its scheme; a relative one starts at the working directory. */
    static Path path(String typed) {
        return URI.matcher(typed).matches()
                ? new Path(typed)
                : new Path(
                        "file",
                        null,
                        java.nio.file.Path.of(typed)
                                .toAbsolutePath()
                                .normalize()
                                .toString());
    }
}
