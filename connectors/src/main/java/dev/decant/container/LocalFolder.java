package dev.decant.container;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Folders of this machine. Flink's local file system does not list them: it takes a name with a colon for a scheme and a
 * path, and gives up on the whole folder if a name in it is gone by the time it is looked at, or is a link to nowhere.
 */
final class LocalFolder {
    private static final String NO_TEXT =
            "its name is no text in this machine's encoding of file names: rename it, or set"
                    + " LC_ALL to a locale of UTF-8";

    private LocalFolder() {}

    /** What is in the folder, in no order. */
    static List<FolderEntry> list(String folder) throws IOException {
        Path parent = Path.of(folder);
        List<FolderEntry> entries = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent)) {
            for (Path child : children) {
                String name = child.getFileName().toString();
                entries.add(isText(parent, name, child) ? entry(child) : FolderEntry.refused(name, NO_TEXT));
            }
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        return entries;
    }

    /** A file or a folder; what cannot be looked at counts as a file, and whoever opens it says what is wrong. */
    static FolderEntry entry(String path) {
        try {
            return entry(Path.of(path));
        } catch (InvalidPathException unmappable) {
            return FolderEntry.refused(OutputNames.lastElement(path), NO_TEXT);
        }
    }

    private static FolderEntry entry(Path path) {
        String name = path.getFileName().toString();
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException unreadable) {
            return FolderEntry.file(name, 0);
        }
        if (attributes.isDirectory()) {
            return FolderEntry.folder(name, attributes.fileKey());
        }
        // Whoever opens a pipe waits until somebody writes.
        return attributes.isRegularFile()
                ? FolderEntry.file(name, attributes.size())
                : FolderEntry.refused(name, "it is no regular file but a pipe, a socket or a device");
    }

    private static boolean isText(Path parent, String name, Path child) {
        try {
            return parent.resolve(name).equals(child);
        } catch (InvalidPathException unmappable) {
            return false;
        }
    }
}
