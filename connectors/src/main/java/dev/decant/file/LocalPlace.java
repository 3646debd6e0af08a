package dev.decant.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes a file of a body without copying it, where the file system is this machine's: the header is written into the room
 * before the samples, and the body gets the file's name besides its own. Both can be done again after a failure.
 */
final class LocalPlace {
    private LocalPlace() {}

    /** Whether bodies in {@code folder} are files of this machine. */
    static boolean isLocal(org.apache.flink.core.fs.Path folder) {
        return "file".equals(folder.toUri().getScheme());
    }

    /** Writes what belongs around the samples of a body: {@code beginning} before, zeros after them. */
    static void complete(org.apache.flink.core.fs.Path body, byte[] beginning, long dataBytes, int padding)
            throws IOException {
        try (FileChannel file = FileChannel.open(local(body), StandardOpenOption.WRITE)) {
            write(file, beginning, 0);
            write(file, new byte[padding], beginning.length + dataBytes);
        }
    }

    /**
     * Gives a body a second name.
     *
     * @return false if another file has that name
     * @throws FileSystemException if the file system cannot do it, and nothing was done
     */
    static boolean link(org.apache.flink.core.fs.Path body, org.apache.flink.core.fs.Path file) throws IOException {
        try {
            try {
                Files.createLink(local(file), local(body));
            } catch (NoSuchFileException noFolder) {
                Files.createDirectories(local(file).getParent());
                Files.createLink(local(file), local(body));
            }
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        } catch (UnsupportedOperationException e) {
            throw new FileSystemException(body.getPath(), file.getPath(), "no links here");
        }
    }

    /** Whether both names are of one file. */
    static boolean isSame(org.apache.flink.core.fs.Path one, org.apache.flink.core.fs.Path other) throws IOException {
        return Files.isSameFile(local(one), local(other));
    }

    private static void write(FileChannel file, byte[] bytes, long at) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            file.write(left, at + left.position());
        }
    }

    private static Path local(org.apache.flink.core.fs.Path path) {
        return Path.of(path.getPath());
    }
}
