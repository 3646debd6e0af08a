package dev.decant.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A temporary folder and the processes that live in it. {@link #close()} ends the processes and deletes the folder, and
 * so does the end of this JVM; if this JVM is killed the processes end all the same, and only the folder stays.
 */
final class ProcessFolder implements AutoCloseable {
    private static final String TETHER_CLASSES = "classes";

    private final TemporaryFolder folder;
    private final List<ChildProcess> processes = new ArrayList<>();
    private final ShutdownHook hook;
    private boolean closed;

    private ProcessFolder(TemporaryFolder folder) {
        this.folder = folder;
        this.hook = ShutdownHook.add("end local processes", this::end);
    }

    /**
     * A new folder without processes.
     *
     * @param name the beginning of the folder's name
     * @throws LocalException if it cannot be written
     */
    static ProcessFolder create(String name) {
        ProcessFolder result = new ProcessFolder(TemporaryFolder.create(name));
        try {
            result.copyTether();
            return result;
        } catch (Throwable e) {
            result.close();
            throw e;
        }
    }

    Path path() {
        return folder.path();
    }

    /**
     * Writes a text file into the folder.
     *
     * @throws LocalException if it cannot be written
     */
    void write(String file, List<String> lines) {
        folder.write(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Copies a file into the folder, unless it is there.
     *
     * @param name what it is called there
     * @throws LocalException if it cannot be copied
     */
    void copy(Path file, String name) {
        Path copy = path().resolve(name);
        try {
            if (!Files.exists(copy)) {
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        } catch (IOException e) {
            throw new LocalException("cannot copy " + file + " to " + copy + ": " + e, e);
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
            throw new IllegalStateException("cannot start the " + name + ": its folder is closed");
        }
        processes.removeIf(process -> !process.isAlive());
        ChildProcess process = ChildProcess.start(
                name, command, path().resolve(TETHER_CLASSES), path(), path().resolve(logName + ".log"));
        processes.add(process);
        return process;
    }

    /** Whether it was closed, by its owner or by the end of this JVM. While it is being closed this waits. */
    synchronized boolean isClosed() {
        return closed;
    }

    /** Closing twice does nothing. */
    @Override
    public void close() {
        hook.remove();
        end();
    }

    private synchronized void end() {
        if (closed) {
            return;
        }
        closed = true;
        processes.forEach(ChildProcess::requestStop);
        processes.forEach(ChildProcess::stop);
        folder.delete();
    }

    /**
     * The one class of ours that a process needs. Our jar holds a Kafka client and much else, which must not get onto the
     * class path of a broker.
     */
    private void copyTether() {
        String resource = TetheredMain.class.getName().replace('.', '/') + ".class";
        try (InputStream in = TetheredMain.class.getResourceAsStream("/" + resource)) {
            folder.write(TETHER_CLASSES + "/" + resource, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}
