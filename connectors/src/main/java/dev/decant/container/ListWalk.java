package dev.decant.container;

import dev.decant.container.ListLines.Line;
import dev.decant.container.RecordingProblem.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.Path;

/**
 * Walks along a list: a text file, UTF-8, one path a line, relative to the input folder or absolute below it. Blank lines are
 * passed over, and so is what was named before. What lies elsewhere is given as a recording that is refused. The list is
 * read twice, first for the names alone ({@link ListedNames}); it must not change while the job lasts.
 *
 * <p>Only the sizes of files of this machine are looked up: elsewhere that would take longer than to read them.
 */
final class ListWalk implements RecordingWalk {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    private final InputFiles files;
    private final String root;
    private final Path list;
    private final long after;
    private final List<String> rootsAsWritten;
    private ListedNames names;
    private ListLines lines;

    /**
     * @param root the folder, with a slash at its end
     * @param after the line after which the walk begins
     */
    ListWalk(InputFiles files, String root, Path list, long after) {
        this.files = files;
        this.root = root;
        this.list = list;
        this.after = after;
        String authority = files.authority() == null ? "" : files.authority();
        this.rootsAsWritten = List.of(root, files.scheme() + "://" + authority + root, files.scheme() + ":" + root);
    }

    @Override
    public Step next() throws IOException {
        if (names == null) {
            names = readNames();
            lines = open();
            goBack();
        }
        Line line = lines.next();
        if (line == null) {
            return null;
        }
        if (line.text() == null) {
            return refused(list + ", line " + line.number(), line.number(), line.refusal());
        }
        if (line.text().isBlank() || !names.pass(name(line.text()))) {
            return Step.toNothing(line.number());
        }
        String below = below(line.text());
        return below == null ? outside(line) : found(below, line.number());
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }

    private ListLines open() throws IOException {
        return new ListLines(new BufferedInputStream(list.getFileSystem().open(list, BUFFER_BYTES), BUFFER_BYTES));
    }

    private ListedNames readNames() throws IOException {
        ListedNames all = new ListedNames();
        try (ListLines listed = open()) {
            for (Line line = listed.next(); line != null; line = listed.next()) {
                if (line.text() != null && !line.text().isBlank()) {
                    all.add(name(line.text()));
                }
            }
        }
        return all;
    }

    /** Goes to the place {@link #after}. */
    private void goBack() throws IOException {
        for (long passed = 0; passed < after; passed++) {
            Line line = lines.next();
            if (line == null) {
                return;
            }
            if (line.text() != null && !line.text().isBlank()) {
                names.pass(name(line.text()));
            }
        }
    }

    /** By what lines are told apart: two may name one recording. */
    private String name(String line) {
        String below = below(line);
        return below == null ? line : below;
    }

    /** The path below the input folder; null if it is not there. */
    private String below(String line) {
        String rest = line;
        for (String written : rootsAsWritten) {
            if (line.startsWith(written)) {
                rest = line.substring(written.length());
                break;
            }
        }
        boolean isElsewhere = rest.equals(line)
                && (line.startsWith("/") || SCHEME.matcher(line).lookingAt());
        return isElsewhere ? null : normalized(rest);
    }

    /** Without dots and double slashes; null if nothing is left, or if it goes up. */
    private static String normalized(String path) {
        List<String> elements = new ArrayList<>();
        for (String element : path.split("/")) {
            if (element.equals("..")) {
                return null;
            }
            if (!element.isEmpty() && !element.equals(".")) {
                elements.add(element);
            }
        }
        return elements.isEmpty() ? null : String.join("/", elements);
    }

    private Step found(String name, long line) {
        String path = root + name;
        String unended = names.keepsEnding(name) ? name : OutputNames.stem(name);
        String refusal = files.refusal(path);
        long bytes = Step.UNKNOWN;
        if (refusal == null && files.isLocal()) {
            FolderEntry entry = LocalFolder.entry(path);
            bytes = entry.bytes();
            refusal = entry.isFolder() ? "this is a folder: list the recordings in it" : entry.refusal();
        }
        RecordingProblem problem = refusal == null ? null : new RecordingProblem(0, Kind.DAMAGE, refusal);
        return new Step(new FoundRecording(name, OutputNames.of(unended), path, problem), bytes, line);
    }

    private Step outside(Line line) {
        String why = "not below the input folder " + files.shown(root) + ": line " + line.number() + " of " + list;
        return refused(line.text(), line.number(), why);
    }

    private static Step refused(String name, long line, String why) {
        RecordingProblem refusal = new RecordingProblem(0, Kind.DAMAGE, why);
        return new Step(new FoundRecording(name, OutputNames.of(name), name, refusal), 0, line);
    }
}
