package dev.decant.opus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The working folder of a process with decoders, which nobody else uses. */
final class ProcessFolder {
    /** Names are relative: a path may hold colons, as those of Flink's folders do, and means several in a class path. */
    static final String CLASS_PATH = "classpath.jar";

    static final String CRASH_REPORT = "crash.log";

    private static final Logger LOG = LoggerFactory.getLogger(ProcessFolder.class);

    /** Each line of it begins with "# ": the event at an address, some lines on the JVM, the frame. */
    private static final Pattern HEAD_OF_REPORT = Pattern.compile(
            "^# +(?<event>[A-Z_]+) \\(0x.*^# Problematic frame:\\n# (?<frame>[^\\n]+)",
            Pattern.MULTILINE | Pattern.DOTALL);

    private static final int LINES_OF_HEAD = 30;

    private final Path path;

    private ProcessFolder(Path path) {
        this.path = path;
    }

    /**
     * A new one, in the first temporary folder that works.
     *
     * @throws OpusLibraryException if none does
     */
    static ProcessFolder in(List<Path> temporaryFolders) {
        List<String> failures = new ArrayList<>();
        for (Path temporary : PrivateFolder.candidates(temporaryFolders)) {
            try {
                return new ProcessFolder(Files.createTempDirectory(PrivateFolder.in(temporary), "process-"));
            } catch (IOException e) {
                failures.add(temporary + " cannot be used: " + Sentences.of(e));
            }
        }
        throw new OpusLibraryException("No folder for the process of the decoders: " + String.join("; ", failures));
    }

    /** That of this process. */
    static ProcessFolder ofThisProcess() {
        return new ProcessFolder(Path.of("").toAbsolutePath());
    }

    Path path() {
        return path;
    }

    boolean hasCrashReport() {
        return Files.exists(path.resolve(CRASH_REPORT));
    }

    /** What happened where, as the JVM reports a crash: "SIGSEGV in C  [libopus.so+0x387b0]  opus_decode". */
    Optional<String> crash() {
        if (!hasCrashReport()) {
            return Optional.empty();
        }
        // Whatever the bytes, since the process may have died while it wrote them.
        try (Stream<String> lines = Files.lines(path.resolve(CRASH_REPORT), StandardCharsets.ISO_8859_1)) {
            Matcher what = HEAD_OF_REPORT.matcher(lines.limit(LINES_OF_HEAD).collect(Collectors.joining("\n")));
            return what.find() ? Optional.of(what.group("event") + " in " + what.group("frame")) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("The crash report of a decoders' process cannot be read", e);
            return Optional.empty();
        }
    }

    /** Deletes it and all in it. The process and the one that started it may both do so. */
    void delete() {
        try {
            List<Path> files;
            try (Stream<Path> list = Files.list(path)) {
                files = list.toList();
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(path);
        } catch (NoSuchFileException e) {
            // The other one was faster.
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The working folder of a decoders' process cannot be deleted", e);
        }
    }
}
