package dev.decant.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A folder among the temporary files of this machine, which whoever creates it deletes. */
final class TemporaryFolder {
    private final Path path;

    private TemporaryFolder(Path path) {
        this.path = path;
    }

    /**
     * A new folder.
     *
     * @param name the beginning of its name
     * @throws LocalException if it cannot be written
     */
    static TemporaryFolder create(String name) {
        try {
            return new TemporaryFolder(Files.createTempDirectory(name + "-"));
        } catch (IOException e) {
            throw new LocalException(
                    "cannot write to " + System.getProperty("java.io.tmpdir") + ", the folder of temporary files: " + e,
                    e);
        }
    }

    Path path() {
        return path;
    }

    /**
     * Writes a file into the folder, and the folders on the way there.
     *
     * @throws LocalException if it cannot be written
     */
    void write(String file, byte[] content) {
        Path target = path.resolve(file);
        try {
            Files.createDirectories(target.getParent());
            Files.write(target, content);
        } catch (IOException e) {
            throw new LocalException("cannot write " + target + ": " + e, e);
        }
    }

    /**
     * Deletes the folder with all that is in it. Nobody may be writing into it any more; somebody may be deleting in it, as
     * Flink's last threads do.
     */
    void delete() {
        try {
            Files.walkFileTree(path, new Deletion());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
            if (failure != null && !(failure instanceof NoSuchFileException)) {
                throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
