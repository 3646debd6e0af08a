package dev.decant.opus;

import dev.decant.audio.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a loaded library, loaded once more at another address. It has to be another file with the same bytes: a
 * link, or the file itself, would be the same library.
 */
final class LibraryCopy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LibraryCopy.class);

    private final byte[] bytes;
    private final BoundLibrary library;

    /**
     * @param sha256 of the file as it was when it was loaded
     * @param temporaryFolders where the copy may lie; the first that works is taken, after them the system's own
     * @throws NoImagesException if there is no copy to be had
     */
    LibraryCopy(Path file, String sha256, List<Path> temporaryFolders) throws NoImagesException {
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new NoImagesException("it cannot be read: " + Sentences.of(e));
        }
        if (!Digests.sha256Hex(bytes).equals(sha256)) {
            throw new NoImagesException("its file was replaced since it was loaded");
        }
        library = load(temporaryFolders);
    }

    byte[] bytes() {
        return bytes;
    }

    BoundLibrary library() {
        return library;
    }

    @Override
    public void close() {
        library.close();
    }

    private BoundLibrary load(List<Path> temporaryFolders) throws NoImagesException {
        List<String> failures = new ArrayList<>();
        for (Path temporary : PrivateFolder.candidates(temporaryFolders)) {
            try {
                Path copy = PrivateFolder.newExecutableFile(
                        PrivateFolder.in(temporary).toRealPath());
                try {
                    Files.write(copy, bytes);
                    return new BoundLibrary(copy);
                } finally {
                    // Once loaded it needs no name, and so none is left behind if this process dies.
                    delete(copy);
                }
            } catch (IOException | OpusLibraryException e) {
                failures.add(temporary + ": " + Sentences.of(e));
            }
        }
        throw new NoImagesException("no copy of it can be loaded: " + String.join("; ", failures));
    }

    private static void delete(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", copy, Sentences.of(e));
        }
    }
}
