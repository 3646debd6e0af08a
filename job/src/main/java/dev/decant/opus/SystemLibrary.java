package dev.decant.opus;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The libopus that is installed. It is looked for as a file: asked for by its name alone, the dynamic linker would give
 * whatever library of that name is loaded already, and the embedded one has the same.
 */
final class SystemLibrary {
    private static final Map<String, List<String>> FILE_NAMES = Map.of(
            "linux", List.of("libopus.so.0", "libopus.so"),
            "macos", List.of("libopus.0.dylib", "libopus.dylib"),
            "windows", List.of("opus.dll", "libopus-0.dll", "libopus.dll"));

    /** Besides what the environment and Java name. */
    private static final List<String> FOLDERS = List.of(
            "/usr/local/lib",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/usr/lib64",
            "/usr/lib",
            "/lib64",
            "/lib",
            "/opt/homebrew/lib",
            "/opt/local/lib");

    private SystemLibrary() {}

    /** Finds and loads; the caller holds the library. */
    static LoadedLibrary open() {
        List<String> names =
                FILE_NAMES.getOrDefault(EngineChoice.operatingSystem(), List.of("libopus.so.0", "libopus.so"));
        Set<Path> folders = folders();
        List<String> failures = new ArrayList<>();
        for (String name : names) {
            for (Path folder : folders) {
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file)) {
                    try {
                        return LoadedLibrary.open("system", file);
                    } catch (OpusLibraryException e) {
                        failures.add(e.getMessage());
                    }
                }
            }
        }
        if (failures.isEmpty()) {
            failures.add("no " + String.join(" or ", names) + " in "
                    + String.join(", ", folders.stream().map(Path::toString).toList()));
        }
        throw new OpusLibraryException(String.join("; ", failures));
    }

    private static Set<Path> folders() {
        Set<Path> folders = new LinkedHashSet<>();
        Stream.of(
                        System.getProperty("jna.library.path"),
                        System.getenv("LD_LIBRARY_PATH"),
                        System.getenv("DYLD_LIBRARY_PATH"),
                        System.getProperty("java.library.path"))
                .filter(path -> path != null)
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .filter(Path::isAbsolute)
                .forEach(folders::add);
        FOLDERS.stream().map(Path::of).filter(Files::isDirectory).forEach(folders::add);
        return folders;
    }
}
