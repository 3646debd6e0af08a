package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.decant.decode.DecodeHarness.Backend;
import dev.decant.decode.StreamMemory.Packets;
import dev.decant.opus.TestProcess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stream is said to cost on the heap and in state, against what it costs. */
class StreamMemoryTest {
    private static final double TOLERANCE = 15;

    /** Of a stream: heap, and bytes in a checkpoint. */
    private static long[] sequencer;

    @BeforeAll
    static void measureSequencer() throws Exception {
        sequencer = measure("sequencer");
    }

    @ParameterizedTest
    @CsvSource({
        "1, HASH_MAP, embedded, true, 100",
        "2, HASH_MAP, embedded, true, 100",
        "2, ROCKS_DB, embedded, true, 100",
        "2, HASH_MAP, embedded, false, 100",
        "2, HASH_MAP, java, true, 100"
    })
    void aLiveStreamTakesWhatIsSaid(int channels, Backend backend, String library, boolean recovery, int interval)
            throws Exception {
        long[] decoder = measure("decoder", "" + channels, "" + backend, library, "" + recovery, "" + interval);
        boolean isHashMap = backend == Backend.HASH_MAP;
        long heap = decoder[0] + (isHashMap ? sequencer[0] : 0);
        long state = decoder[1] + sequencer[1];
        double packet = StreamsOnTheHeap.sound(channels).packets().stream()
                .mapToInt(one -> one.length)
                .average()
                .orElseThrow();

        StreamMemory said = StreamMemory.of(
                TestSettings.USUAL
                        .library(library)
                        .recovery(recovery)
                        .imageInterval(interval)
                        .build(),
                decoder[3],
                channels,
                decoder[2],
                new Packets(packet, StreamsOnTheHeap.TICKS),
                isHashMap ? StreamMemory.Backend.HASHMAP : StreamMemory.Backend.ROCKSDB);

        System.out.printf(
                "%d channels, %s, %s, recovery %s, images every %d steps: heap %,d B, said %,d; state %,d B, said %,d%n",
                channels,
                backend,
                library,
                recovery,
                interval,
                heap,
                said.decoderHeap() + said.stateHeap(),
                state,
                said.checkpoint());
        assertThat(heap)
                .as("heap of a stream, bytes")
                .isCloseTo(said.decoderHeap() + said.stateHeap(), withPercentage(TOLERANCE));
        // RocksDB's files hold what was overwritten as well, until they are compacted.
        if (isHashMap) {
            assertThat(state)
                    .as("state of a stream in a checkpoint, bytes")
                    .isCloseTo(said.checkpoint(), withPercentage(TOLERANCE));
        }
    }

    private static long[] measure(String... arguments) throws Exception {
        // Every collection compacts: the collector lets a twentieth of the heap lie that is garbage, to save itself
        // moving.
        List<String> options = new ArrayList<>(List.of(
                "-Xmx512m", "-XX:+UseSerialGC", "-XX:MarkSweepDeadRatio=0", "-XX:MarkSweepAlwaysCompactCount=1"));
        for (String opened : List.of("java.lang", "java.util", "java.nio")) {
            options.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        String measured = TestProcess.lastLineOf(options, StreamsOnTheHeap.class, List.of(arguments));
        return Arrays.stream(measured.split(" ")).mapToLong(Long::parseLong).toArray();
    }
}
