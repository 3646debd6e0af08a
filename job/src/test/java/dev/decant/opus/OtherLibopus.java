package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import java.nio.file.Path;

/** Another libopus than the embedded one: 1.5 with neural extensions, whose decoders have another size. */
public final class OtherLibopus {
    private OtherLibopus() {}

    /** Its file; a test is aborted where libraries cannot be kept apart. */
    public static Path file() {
        assumeTrue(Platform.isLinux() && !OpenFlags.isMusl(), "only glibc can be asked to keep libraries apart");
        Path file = Path.of(
                        System.getProperty("basedir", "."),
                        "target/other-libopus/linux",
                        Platform.isARM() ? "arm64" : "x64",
                        "org/lwjgl/opus/libopus.so")
                .toAbsolutePath();
        assertThat(file).exists();
        return file;
    }
}
