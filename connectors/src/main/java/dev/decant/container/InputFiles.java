package dev.decant.container;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * The file system that recordings are on, any of those that Flink has. Paths are text within it, {@code /in/a.opus}, since
 * Flink's paths take {@code a:b} for a scheme unless they are put together of their parts.
 *
 * @param scheme {@code file}, {@code s3}
 * @param authority a bucket or a host; null if there is none
 */
record InputFiles(String scheme, String authority) implements Serializable {
    private static final String LOCAL = "file";
    private static final int BUFFER_BYTES = 64 * 1024;

    /** The file system of a path with a scheme. */
    static InputFiles of(Path path) {
        return new InputFiles(path.toUri().getScheme(), path.toUri().getAuthority());
    }

    boolean isLocal() {
        return LOCAL.equalsIgnoreCase(scheme);
    }

    /** The path for people: with scheme and authority, unless it is on this machine, or none of this file system. */
    String shown(String path) {
        return isLocal() || !path.startsWith("/") ? path : scheme + "://" + (authority == null ? "" : authority) + path;
    }

    /** Why the path cannot be opened whatever there is; null if nothing speaks against it. */
    String refusal(String path) {
        return flinkPath(path) == null
                ? "Flink has no such path, since it holds a backslash or characters that are no text: rename it"
                : null;
    }

    /**
     * Whether there is a folder, and not a file.
     *
     * @throws FileNotFoundException if there is neither
     */
    boolean isFolder(String path) throws IOException {
        return files().getFileStatus(requirePath(path)).isDir();
    }

    /** The size of a file in bytes. */
    long size(String path) throws IOException {
        return files().getFileStatus(requirePath(path)).getLen();
    }

    /** What is in the folder, in no order. */
    List<FolderEntry> list(String folder) throws IOException {
        if (isLocal()) {
            return LocalFolder.list(folder);
        }
        FileStatus[] found = files().listStatus(requirePath(folder));
        if (found == null) {
            throw new FileNotFoundException("there is no folder " + shown(folder));
        }
        List<FolderEntry> entries = new ArrayList<>(found.length);
        for (FileStatus status : found) {
            String name = status.getPath().getName();
            // An object store may hold an object of the folder's own name, which marks it.
            if (!name.isEmpty() && !status.getPath().getPath().equals(folder)) {
                entries.add(status.isDir() ? FolderEntry.folder(name, null) : FolderEntry.file(name, status.getLen()));
            }
        }
        return entries;
    }

    /** Where the bytes of a recording are; each opening is buffered. */
    RecordingBytes bytes(String path) {
        return offset -> {
            FSDataInputStream in = files().open(requirePath(path), BUFFER_BYTES);
            try {
                if (offset > 0) {
                    in.seek(offset);
                }
            } catch (EOFException behindTheEnd) {
                in.close();
                return InputStream.nullInputStream();
            } catch (IOException | RuntimeException failure) {
                in.close();
                throw failure;
            }
            return new BufferedInputStream(in, BUFFER_BYTES);
        };
    }

    private FileSystem files() throws IOException {
        return requirePath("/").getFileSystem();
    }

    private Path requirePath(String path) throws IOException {
        Path flinkPath = flinkPath(path);
        if (flinkPath == null) {
            throw new IOException(shown(path) + ": " + refusal(path));
        }
        return flinkPath;
    }

    /** Null if it would become another path: Flink's make slashes of backslashes, and drop double ones. */
    private Path flinkPath(String path) {
        try {
            Path flinkPath = new Path(scheme, authority, path);
            return flinkPath.getPath().equals(path) ? flinkPath : null;
        } catch (IllegalArgumentException noUri) {
            return null;
        }
    }
}
