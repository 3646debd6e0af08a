package dev.decant.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder that Decant was built in, where the jars of the local broker and of the local Flink lie. The launcher
 * names it in the system property {@value #PROPERTY}.
 */
final class DecantHome {
    static final String PROPERTY = "decant.home";

    private final Path folder;

    private DecantHome(Path folder) {
        this.folder = folder;
    }

    /** @throws LocalException if the property is missing or names no folder */
    static DecantHome find() {
        String folder = System.getProperty(PROPERTY);
        if (folder == null) {
            throw new LocalException(
                    "the system property " + PROPERTY + " is not set: start Decant with ./decant, or pass" + " -D"
                            + PROPERTY + "=FOLDER, the root folder of the project");
        }
        return at(Path.of(folder));
    }

    static DecantHome at(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new LocalException(
                    PROPERTY + "=" + folder + " is not a folder; it should be the root folder of the project");
        }
        return new DecantHome(folder.toAbsolutePath());
    }

    /** @throws LocalException if it was not built */
    Path brokerJars() {
        return jars("broker");
    }

    /** @throws LocalException if it was not built */
    Path flinkJars() {
        return jars("flink");
    }

    /** Flink's plugins, each in a folder of its own; there is no such folder if Decant was built when it had none. */
    Path flinkPlugins() {
        return built("flink").resolve("plugins");
    }

    /**
     * The class path of a module of {@code job/local}.
     *
     * @throws LocalException if it was not built
     */
    Path jars(String module) {
        Path jars = built(module).resolve("lib");
        if (!hasJars(jars)) {
            throw new LocalException(
                    "no jars in " + jars + ": run \"mvn -q package -DskipTests\" in " + folder + " first");
        }
        return jars;
    }

    private Path built(String module) {
        return folder.resolve("job").resolve("local").resolve(module).resolve("target");
    }

    private static boolean hasJars(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            return jars.iterator().hasNext();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }
}
