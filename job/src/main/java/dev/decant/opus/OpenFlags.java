package dev.decant.opus;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a library is opened (dlfcn.h), so that several libopus in one process stay apart. JNA's own choice,
 * {@code RTLD_GLOBAL}, would let one library call the functions of another: libopus calls what it exports through the
 * dynamic linker.
 */
final class OpenFlags {
    private static final int RTLD_NOW = 2;
    private static final int LINUX_RTLD_LOCAL = 0;
    private static final int MACOS_RTLD_LOCAL = 4;
    /** Own symbols before those that are global already; of glibc only. */
    private static final int RTLD_DEEPBIND = 8;

    /** JNA passes this to {@code LoadLibraryEx}: symbols of DLLs never mix, so nothing has to be asked for. */
    private static final int WINDOWS_LOAD_WITH_ALTERED_SEARCH_PATH = 8;

    private OpenFlags() {}

    static int ofThisPlatform() {
        if (Platform.isWindows()) {
            return WINDOWS_LOAD_WITH_ALTERED_SEARCH_PATH;
        }
        if (Platform.isMac()) {
            // Two-level namespaces: a library looks for its symbols where it was linked to, which is itself.
            return RTLD_NOW | MACOS_RTLD_LOCAL;
        }
        return RTLD_NOW | LINUX_RTLD_LOCAL | (Platform.isLinux() && !isMusl() ? RTLD_DEEPBIND : 0);
    }

    /** Whether the C library of this process is musl, as on Alpine. */
    static boolean isMusl() {
        try {
            return Files.readString(Path.of("/proc/self/maps")).contains("/ld-musl-");
        } catch (IOException e) {
            // Without /proc it is not known. musl ignores flags that it does not have.
            return false;
        }
    }
}
