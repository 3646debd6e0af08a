package dev.decant.opus;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A folder for files that are loaded into this process, so that nobody but this user may write there. */
final class PrivateFolder {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final FileAttribute<?>[] OWNER_ONLY = POSIX
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0];

    private PrivateFolder() {}

    /** Those folders, then the system's temporary one. */
    static List<Path> candidates(List<Path> temporaryFolders) {
        List<Path> candidates = new ArrayList<>(temporaryFolders);
        candidates.add(Path.of(System.getProperty("java.io.tmpdir")));
        return candidates.stream()
                .map(folder -> folder.toAbsolutePath().normalize())
                .distinct()
                .toList();
    }

    /**
     * The private folder below a temporary one, made if need be.
     *
     * @throws IOException if it cannot be made, is open to others, or files in it cannot be executed
     */
    static Path in(Path temporary) throws IOException {
        String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_");
        Path folder = Files.createDirectories(temporary).resolve("decant-" + user);
        try {
            Files.createDirectory(folder, OWNER_ONLY);
        } catch (FileAlreadyExistsException e) {
            requireDirectory(folder);
        }
        Path probe = newExecutableFile(folder);
        try {
            requirePrivate(folder, probe);
            // Files in a folder that is mounted noexec are not executable, whatever their permissions.
            if (!Files.isExecutable(probe)) {
                throw new IOException("files in it must not be executed (mounted noexec?)");
            }
        } finally {
            Files.delete(probe);
        }
        return folder;
    }

    static Path newExecutableFile(Path folder) throws IOException {
        return Files.createTempFile(folder, "new-", ".part", OWNER_ONLY);
    }

    private static void requireDirectory(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(folder + " is not a folder");
        }
    }

    private static void requirePrivate(Path folder, Path ownFile) throws IOException {
        if (!POSIX) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
        boolean othersMayWrite = permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
        if (othersMayWrite || !Files.getOwner(folder).equals(Files.getOwner(ownFile))) {
            throw new IOException("others may write to " + folder);
        }
    }
}
