package dev.decant.opus;

import dev.decant.audio.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The libopus inside our jar (the natives of org.lwjgl:lwjgl-opus). It is extracted to a file that is named by its
 * SHA-256, which later processes find there and use again.
 */
final class EmbeddedLibrary {
    private static final Map<String, String> FILE_NAMES =
            Map.of("linux", "libopus.so", "macos", "libopus.dylib", "windows", "opus.dll");
    private static final Map<String, String> ARCHITECTURES =
            Map.of("amd64", "x64", "x86_64", "x64", "aarch64", "arm64", "arm64", "arm64");

    private EmbeddedLibrary() {}

    /** Extracts and loads; the caller holds the library. */
    static LoadedLibrary open(List<Path> temporaryFolders) {
        String resource = resource()
                .orElseThrow(() -> new OpusLibraryException("no libopus for " + EngineChoice.operatingSystem() + " on "
                        + System.getProperty("os.arch") + " in this jar"));
        String fileName = resource.substring(resource.lastIndexOf('/') + 1);
        byte[] library = read(resource);
        List<String> failures = new ArrayList<>();
        for (Path temporary : PrivateFolder.candidates(temporaryFolders)) {
            try {
                return LoadedLibrary.open("embedded", extract(library, fileName, PrivateFolder.in(temporary)));
            } catch (IOException e) {
                failures.add(temporary + " cannot be used: " + Sentences.of(e));
            } catch (OpusLibraryException e) {
                failures.add(e.getMessage());
            }
        }
        throw new OpusLibraryException(String.join("; ", failures));
    }

    /** Where on the class path it is; empty if there is none for this platform. */
    static Optional<URL> location() {
        return resource().map(EmbeddedLibrary.class::getResource);
    }

    /** The file with these bytes, in a folder that nobody else can write to. */
    static Path extract(byte[] library, String fileName, Path folder) throws IOException {
        String sha256 = Digests.sha256Hex(library);
        Path file = folder.resolve(sha256 + "-" + fileName);
        if (Files.isRegularFile(file) && Digests.sha256Hex(file).equals(sha256)) {
            return file;
        }
        // Under another name first: a process that sees the file sees all of it.
        Path part = PrivateFolder.newExecutableFile(folder);
        try {
            Files.write(part, library);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        return file;
    }

    private static Optional<String> resource() {
        String operatingSystem = EngineChoice.operatingSystem();
        String fileName = FILE_NAMES.get(operatingSystem);
        String architecture = ARCHITECTURES.get(System.getProperty("os.arch"));
        return fileName == null || architecture == null
                ? Optional.empty()
                : Optional.of("/" + operatingSystem + "/" + architecture + "/org/lwjgl/opus/" + fileName);
    }

    private static byte[] read(String resource) {
        try (InputStream in = EmbeddedLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new OpusLibraryException("no " + resource + " on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new OpusLibraryException(resource + " cannot be read from the class path: " + Sentences.of(e), e);
        }
    }
}
