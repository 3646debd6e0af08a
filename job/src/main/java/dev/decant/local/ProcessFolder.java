package dev.decant.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary folder and the processes that live in it. {@link #close()} ends the processes and deletes the folder, and
 * so does the end of this JVM; if this JVM is killed the processes end all the same, and only the folder stays.
 */
final class ProcessFolder implements AutoCloseable {
    private final Path path;
    private final List<ChildProcess> processes = new ArrayList<>();
    private final Thread closeAtShutdown = new Thread(this::end, "close local processes");
    private boolean closed;

    private ProcessFolder(Path path) {
        this.path = path;
    }

    /**
     * A new folder among the temporary files of this machine.
     *
     * @param name the beginning of the folder's name
     * @throws LocalException if it cannot be written
     */
    static ProcessFolder create(String name) {
        try {
            ProcessFolder folder = new ProcessFolder(Files.createTempDirectory(name + "-"));
            Runtime.getRuntime().addShutdownHook(folder.closeAtShutdown);
            folder.copyTether();
            return folder;
        } catch (IOException e) {
            throw new LocalException(
                    "cannot write a temporary folder in " + System.getProperty("java.io.tmpdir") + ": "
                            + e.getMessage(),
                    e);
        }
    }

    Path path() {
        return path;
    }

    /** Writes a text file into the folder. */
    Path write(String file, List<String> lines) {
        Path target = path.resolve(file);
        try {
            Files.createDirectories(target.getParent());
            return Files.write(target, lines);
        } catch (IOException e) {
            throw new LocalException("cannot write " + target + ": " + e.getMessage(), e);
        }
    }

    /**
     * Starts a process that works in this folder.
     *
     * @param name what it is, as messages name it
     * @param logName its output is appended to {@code logName.log}
     * @throws LocalException if the JVM cannot be started
     * @throws IllegalStateException after {@link #close()}
     */
    synchronized ChildProcess start(String name, String logName, JavaCommand command) {
        if (closed) {
            throw new IllegalStateException("the folder of the " + name + " is closed");
        }
        processes.removeIf(process -> !process.isAlive());
        ChildProcess process = ChildProcess.start(name, command, tetherClasses(), path, path.resolve(logName + ".log"));
        processes.add(process);
        return process;
    }

    /** Closing twice does nothing. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtShutdown);
        } catch (IllegalStateException shuttingDown) {
            // Then the hook runs as well, and whoever comes second finds nothing to do.
        }
        end();
    }

    private synchronized void end() {
        if (closed) {
            return;
        }
        closed = true;
        processes.forEach(ChildProcess::requestStop);
        processes.forEach(ChildProcess::stop);
        delete();
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }

    private Path tetherClasses() {
        return path.resolve("classes");
    }

    /**
     * The one class of ours that a process needs. Our jar holds a Kafka client and much else, which must not get onto the
     * class path of a broker.
     */
    private void copyTether() throws IOException {
        String resource = TetheredMain.class.getName().replace('.', '/') + ".class";
        Path target = tetherClasses().resolve(resource);
        Files.createDirectories(target.getParent());
        try (InputStream in = TetheredMain.class.getResourceAsStream("/" + resource)) {
            Files.copy(in, target);
        }
    }
}
