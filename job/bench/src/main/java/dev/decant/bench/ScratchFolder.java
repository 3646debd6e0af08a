package dev.decant.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.stream.Stream;

/** A folder for what is not kept: gone when it is closed, or when the process is told to end. */
final class ScratchFolder implements AutoCloseable {
    private final Path path;

    private ScratchFolder(Path path) {
        this.path = path;
    }

    /**
     * @param parent an existing folder
     */
    static ScratchFolder in(Path parent) throws IOException {
        ScratchFolder folder = new ScratchFolder(Files.createTempDirectory(parent, "decant-bench-"));
        Runtime.getRuntime().addShutdownHook(new Thread(folder::deleteAtEnd));
        return folder;
    }

    /** A program that was running may still be ending. */
    private void deleteAtEnd() {
        try {
            delete(path);
        } catch (IOException | UncheckedIOException e) {
            System.err.println(path + " could not be deleted: " + e);
        }
    }

    Path path() {
        return path;
    }

    /** A new folder in it. */
    Path newFolder(String name) throws IOException {
        return Files.createDirectory(path.resolve(name));
    }

    /** Deletes a file or a folder with all that is in it, if it is there. */
    static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            Iterator<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).iterator();
            while (deepestFirst.hasNext()) {
                Files.delete(deepestFirst.next());
            }
        }
    }

    @Override
    public void close() throws IOException {
        delete(path);
    }
}
