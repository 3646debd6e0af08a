package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.decode.IsolationSettings.When;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.TestProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What decoders are said to take outside the heap, against what the operating system counts. */
class NativeMemoryTest {
    private static final double TOLERANCE = 15;

    @BeforeAll
    static void theOperatingSystemCounts() {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc, which is not here");
    }

    @ParameterizedTest
    @CsvSource({"5000, 1", "5000, 2", "20000, 2"})
    void decodersTakeWhatIsSaid(int streams, int channels) throws Exception {
        long[] resident = resident(streams, channels, When.NEVER);

        assertThat(resident[1] - resident[0])
                .as("resident bytes outside the heap of %d decoders of %d channels", streams, channels)
                .isCloseTo(streams * decoder(channels), withPercentage(TOLERANCE));
    }

    @Test
    void aProcessOfIsolatedDecodersTakesWhatIsSaid() throws Exception {
        long[] resident = resident(5_000, 2, When.ALWAYS);

        assertThat(resident[0])
                .as("resident bytes of a process without decoders")
                .isCloseTo(NativeMemory.DECODER_PROCESS.getBytes(), withPercentage(TOLERANCE));
        assertThat(resident[1] - resident[0])
                .as("resident bytes of its decoders")
                .isCloseTo(5_000 * decoder(2), withPercentage(TOLERANCE));
    }

    private static long decoder(int channels) {
        try (OpusEngine engine = OpusEngine.open("embedded", List.of())) {
            NativeMemory needs = NativeMemory.of(engine, 1);
            return channels == 1 ? needs.monoBytes() : needs.stereoBytes();
        }
    }

    /** Before the streams, and with them. */
    private static long[] resident(int streams, int channels, When isolation) throws Exception {
        byte[] printed = TestProcess.run(
                // All of the heap is resident from the start, so that what comes after is outside it; one compiler
                // takes
                // less than two.
                List.of("-Xms384m", "-Xmx384m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                DecodersInMemory.class,
                List.of(String.valueOf(streams), String.valueOf(channels), isolation.name()));
        String[] words = new String(printed, StandardCharsets.US_ASCII).strip().split(" ");
        System.out.printf(
                "%d streams, %d channels, isolated %s: resident bytes %s, then %s%n",
                streams, channels, isolation, words[words.length - 2], words[words.length - 1]);
        return new long[] {Long.parseLong(words[words.length - 2]), Long.parseLong(words[words.length - 1])};
    }
}
