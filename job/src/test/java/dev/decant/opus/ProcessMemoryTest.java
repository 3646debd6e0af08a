package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.fuzz.MemoryBound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The memory of a process of isolated decoders goes back to the system as they leave it, in whatever order that is. */
class ProcessMemoryTest {
    private static final int DECODERS = 2_000;

    @Test
    void halfOfTheDecodersTakeHalfTheMemory() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc, which is not here");
        try (OpusEngine engine = OpusEngine.openInOwnProcess("embedded", List.of(), Duration.ofSeconds(60));
                DecoderWorkspace workspace = engine.newWorkspace(2)) {
            assumeTrue(isGlibc(engine), "only glibc is told to give memory back at once");
            long before = resident(engine);
            List<OpusDecoder> decoders = new ArrayList<>();
            DecoderSettings settings = DecoderSettings.of(new PcmFormat(SampleFormat.S16LE, 48_000, 2));
            for (int i = 0; i < DECODERS; i++) {
                decoders.add(engine.newDecoder(settings, workspace));
            }
            long all = resident(engine);
            Collections.shuffle(decoders, new Random(1));
            decoders.subList(0, DECODERS / 2).forEach(OpusDecoder::close);
            long half = resident(engine);
            decoders.subList(DECODERS / 2, DECODERS).forEach(OpusDecoder::close);

            long expected = DECODERS * engine.nativeBytes(ChannelLayout.plain(2));
            assertThat(all - before).isBetween(expected * 85 / 100, expected * 115 / 100);
            assertThat(half - before).isBetween(expected * 40 / 100, expected * 65 / 100);
        }
    }

    private static boolean isGlibc(OpusEngine engine) throws IOException {
        String maps = Files.readString(Path.of("/proc/" + ((ProcessEngine) engine).pid() + "/maps"));
        return maps.contains("/libc.so.6") || maps.contains("/libc-2.");
    }

    private static long resident(OpusEngine engine) throws IOException {
        return MemoryBound.residentBytes(
                ProcessHandle.of(((ProcessEngine) engine).pid()).orElseThrow());
    }
}
