package dev.decant.opus;

import java.io.File;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the option {@code opus.library} may say, and what is tried for it. */
final class EngineChoice {
    private EngineChoice() {}

    static OpusEngine open(String library, List<Path> temporaryFolders) {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new OpusLibraryException(
                    "Decant needs a little-endian machine, and " + System.getProperty("os.arch") + " is big-endian");
        }
        return switch (library) {
            case "java" -> new JavaEngine();
            case "auto" -> automatic(temporaryFolders);
            case "embedded" -> nativeEngine(library, () -> EmbeddedLibrary.open(temporaryFolders), temporaryFolders);
            case "system" -> nativeEngine(library, SystemLibrary::open, temporaryFolders);
            default -> nativeEngine(library, () -> atPath(library), temporaryFolders);
        };
    }

    private interface Opening {
        LoadedLibrary open();
    }

    private static OpusEngine nativeEngine(String origin, Opening opening, List<Path> temporaryFolders) {
        Jna.start(temporaryFolders);
        return new NativeEngine(origin, opening.open(), temporaryFolders);
    }

    private static OpusEngine automatic(List<Path> temporaryFolders) {
        Jna.start(temporaryFolders);
        try {
            return new NativeEngine("embedded", EmbeddedLibrary.open(temporaryFolders), temporaryFolders);
        } catch (OpusLibraryException embedded) {
            try {
                return new NativeEngine("system", SystemLibrary.open(), temporaryFolders);
            } catch (OpusLibraryException system) {
                OpusLibraryException none = new OpusLibraryException(
                        "No libopus can be opened. embedded: " + embedded.getMessage() + ". system: "
                                + system.getMessage() + ". Install libopus, or set opus.library to the path of one, or"
                                + " to \"java\" for the pure Java decoder (s16le only, not bit-exact)",
                        embedded);
                none.addSuppressed(system);
                throw none;
            }
        }
    }

    private static LoadedLibrary atPath(String library) {
        if (!new File(library).isAbsolute()) {
            throw new OpusLibraryException("opus.library is \"" + library
                    + "\": take auto, embedded, system, java, or the absolute path of a libopus");
        }
        return LoadedLibrary.open(library, Path.of(library));
    }

    /** {@code linux}, {@code macos}, {@code windows}, or what Java says. */
    static String operatingSystem() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (name.startsWith("mac")) {
            return "macos";
        }
        return name.startsWith("windows") ? "windows" : name;
    }
}
