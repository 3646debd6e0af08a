package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.util.List;

/** Opens engines for tests. */
public final class TestEngines {
    private TestEngines() {}

    static OpusEngine embedded() {
        return OpusEngine.open("embedded", List.of());
    }

    /** The engine, or an aborted test that says why there is none: a system need not have a libopus. The caller closes it. */
    public static OpusEngine openOrSkip(String library) {
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
