package dev.decant.opus;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.List;

/** Starts JNA, and lets it go, so that the class loader of a Flink job can go. */
final class Jna {
    private static final String FOLDER_PROPERTY = "jna.tmpdir";
    private static final String CLEANER_THREAD = "com.sun.jna.internal.Cleaner$CleanerThread";
    private static boolean started;

    private Jna() {}

    /**
     * JNA extracts a library of its own, to the user's cache or the system's temporary folder. Those may be read-only or
     * noexec where the folders that we are given are not.
     *
     * @throws OpusLibraryException if JNA cannot start
     */
    static synchronized void start(List<Path> temporaryFolders) {
        if (started) {
            return;
        }
        boolean chosenByUser = System.getProperty(FOLDER_PROPERTY) != null;
        if (!chosenByUser) {
            firstThatWorks(temporaryFolders);
        }
        Thread thread = Thread.currentThread();
        ClassLoader contextClassLoader = thread.getContextClassLoader();
        // JNA runs ldconfig. The JDK's thread that waits for its end lives on for a minute, and with it the context
        // class
        // loader, which in a task is the job's.
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        try {
            started = Native.POINTER_SIZE == Long.BYTES;
            MethodHandles.lookup().ensureInitialized(NativeLibrary.class);
        } catch (LinkageError e) {
            throw new OpusLibraryException(
                    "JNA, through which libopus is called, cannot start: " + Sentences.of(e)
                            + ". Give the JVM -Djna.tmpdir=<a folder where files may be executed>, or set opus.library"
                            + " to \"java\"",
                    e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("NativeLibrary is public", e);
        } finally {
            thread.setContextClassLoader(contextClassLoader);
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

    /**
     * Called when no library is open any more: lets go of what JNA keeps of the job.
     *
     * @param bound the classes that were bound to libraries
     */
    static synchronized void letGo(List<Class<?>> bound) {
        // JNA has a map from each class that it has bound to the options. Its keys are weak, but among the options are
        // the class itself and its loader: a JNA that is not the job's (in lib/ of a cluster) would keep every job.
        bound.forEach(type -> Native.getLibraryOptions(type).clear());
        endCleaner();
    }

    /**
     * JNA's cleaner thread would run for ever, since JNA has memory in constants of its own that the cleaner waits for; and
     * the thread keeps JNA's class loader, which may be the job's. Interrupted, it ends. Nothing of ours is left to it, and
     * JNA frees its constants as it is unloaded.
     */
    private static void endCleaner() {
        ClassLoader loader = Native.class.getClassLoader();
        boolean ours = loader == Jna.class.getClassLoader() && loader != ClassLoader.getSystemClassLoader();
        if (!ours) {
            // Others may use this JNA, and it stays as long as they do.
            return;
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            Class<?> type = thread.getClass();
            if (type.getName().equals(CLEANER_THREAD) && type.getClassLoader() == loader) {
                thread.interrupt();
            }
        }
    }
}
