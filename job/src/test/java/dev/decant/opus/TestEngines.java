package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.jna.Platform;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.nio.file.Path;
import java.util.List;

/** Opens engines for tests. */
public final class TestEngines {
    /** Another libopus than ours, with neural extensions: for Linux only. */
    public static final Path OTHER_LIBRARY = Path.of(
                    System.getProperty("basedir", "."),
                    "target/other-libopus/linux",
                    Platform.isARM() ? "arm64" : "x64",
                    "org/lwjgl/opus/libopus.so")
            .toAbsolutePath();

    private TestEngines() {}

    static OpusEngine embedded() {
        return OpusEngine.open("embedded", List.of());
    }

    /** The engine, or an aborted test that says why there is none: a system need not have a libopus. */
    static OpusEngine openOrSkip(String library) {
        try {
            return OpusEngine.open(library, List.of());
        } catch (OpusLibraryException e) {
            assertThat(library).as(e.getMessage()).isEqualTo("system");
            return abort("No libopus is installed: " + e.getMessage());
        }
    }

    static PcmFormat s16(int rate, int channels) {
        return new PcmFormat(SampleFormat.S16LE, rate, channels);
    }

    static DecoderSettings settings(int rate, int channels) {
        return DecoderSettings.of(s16(rate, channels));
    }
}
