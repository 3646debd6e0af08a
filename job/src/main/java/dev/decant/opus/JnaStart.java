package dev.decant.opus;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts JNA, which extracts a library of its own: to the user's cache or the system's temporary folder, one of which
 * may be read-only or noexec where the folders we are given are not.
 */
final class JnaStart {
    private static final String FOLDER_PROPERTY = "jna.tmpdir";
    private static boolean started;

    private JnaStart() {}

    /**
     * @throws OpusLibraryException if JNA cannot start
     */
    static synchronized void require(List<Path> temporaryFolders) {
        if (started) {
            return;
        }
        boolean chosenByUser = System.getProperty(FOLDER_PROPERTY) != null;
        if (!chosenByUser) {
            firstThatWorks(temporaryFolders);
        }
        try {
            started = Native.POINTER_SIZE == Long.BYTES;
        } catch (LinkageError e) {
            throw new OpusLibraryException(
                    "JNA, through which libopus is called, cannot start: " + Sentences.of(e)
                            + ". Give the JVM -Djna.tmpdir=<a folder where files may be executed>, or set opus.library"
                            + " to \"java\"",
                    e);
        } finally {
            // Others in this JVM have a JNA of their own, and their own wishes.
            if (!chosenByUser) {
                System.clearProperty(FOLDER_PROPERTY);
            }
        }
        if (!started) {
            throw new OpusLibraryException("Decant needs a 64-bit JVM: set opus.library to \"java\" on this one");
        }
    }

    private static void firstThatWorks(List<Path> temporaryFolders) {
        for (Path temporary : PrivateFolder.candidates(temporaryFolders)) {
            try {
                System.setProperty(FOLDER_PROPERTY, PrivateFolder.in(temporary).toString());
                return;
            } catch (IOException e) {
                // The next one; if none works, JNA goes where it always goes, and its failure is reported.
            }
        }
    }
}
