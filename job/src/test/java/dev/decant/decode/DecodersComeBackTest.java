package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFrame;
import dev.decant.decode.DecodeHarness.Backend;
import dev.decant.decode.DecodeMetrics.Exactness;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Decoders that are not in memory any more go on, bit by bit, as those of libopus' C API that never stopped. */
class DecodersComeBackTest {
    private static final TestSettings SETTINGS = TestSettings.USUAL;

    @ParameterizedTest
    @EnumSource(Backend.class)
    void afterFailuresAnywhereInStreamsOfEveryKind(Backend backend) throws Exception {
        Random random = new Random(1);
        List<TestSteps> streams = everyKind(random);
        int steps = streams.stream().mapToInt(TestSteps::size).max().orElseThrow();
        TreeSet<Integer> failures = new TreeSet<>(List.of(1, 2, 99, 100, 101, 102));
        random.ints(6, 0, steps).forEach(failures::add);

        DecodeHarness harness = DecodeHarness.open(SETTINGS, backend);
        List<List<byte[]>> pcm = empty(streams.size());
        long exact = 0;
        for (int i = 0; i < steps; i++) {
            if (failures.contains(i)) {
                OperatorSubtaskState state = harness.snapshot();
                harness.close();
                harness = DecodeHarness.restore(SETTINGS, backend, state);
            }
            for (int s = 0; s < streams.size(); s++) {
                if (i < streams.get(s).size()) {
                    pcm.get(s).add(harness.map(streams.get(s).steps().get(i)).pcm());
                }
            }
            exact += failures.contains(i + 1) || i + 1 == steps ? harness.restored(Exactness.EXACT) : 0;
            assertThat(harness.restored(Exactness.CONVERGED)).isZero();
        }
        harness.close();

        assertThat(exact).isGreaterThan(6L * streams.size());
        assertIdentical(streams, pcm);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void afterEachRescaling(Backend backend) throws Exception {
        List<TestSteps> streams = everyKind(new Random(2));
        TestSettings settings = SETTINGS.imageInterval(20);
        int steps = 25;
        List<List<byte[]>> pcm = empty(streams.size());
        List<DecodeHarness> subtasks = List.of(DecodeHarness.open(settings, backend));
        for (int parallelism : new int[] {2, 3, 1, 1}) {
            for (int s = 0; s < streams.size(); s++) {
                DecodeHarness subtask =
                        DecodeHarness.ofKey(subtasks, streams.get(s).streamId());
                List<DecodeStep> all = streams.get(s).steps();
                int from = pcm.get(s).size();
                for (DecodeStep step : all.subList(Math.min(from, all.size()), Math.min(from + steps, all.size()))) {
                    pcm.get(s).add(subtask.map(step).pcm());
                }
            }
            List<OperatorSubtaskState> states = new ArrayList<>();
            for (DecodeHarness subtask : subtasks) {
                states.add(subtask.snapshot());
                assertThat(subtask.restored(Exactness.CONVERGED)).isZero();
                subtask.close();
            }
            subtasks = DecodeHarness.rescale(settings, backend, states, parallelism);
        }
        subtasks.forEach(DecodeHarness::close);

        assertIdentical(streams, pcm);
    }

    @Test
    void afterEvictionByNumber() throws Exception {
        for (int maxLive = 1; maxLive <= 2; maxLive++) {
            List<TestSteps> streams = everyKind(new Random(3));
            try (DecodeHarness harness = DecodeHarness.open(SETTINGS.maxLive(maxLive))) {
                List<List<byte[]>> pcm = interleaved(harness, streams);

                assertIdentical(streams, pcm);
                assertThat(harness.metric(DecodeMetrics.DECODERS_EVICTED)).isGreaterThan(1_000);
                assertThat(harness.metric(DecodeMetrics.LIVE_DECODERS)).isEqualTo(maxLive);
                assertThat(harness.restored(Exactness.EXACT)).isGreaterThan(1_000);
                assertThat(harness.restored(Exactness.CONVERGED)).isZero();
                assertThat(harness.metric(DecodeMetrics.IMAGE_INTERVAL)).isLessThan(100);
            }
        }
    }

    @Test
    void afterEvictionByMemory() throws Exception {
        List<TestSteps> streams = everyKind(new Random(4));
        int budget = 100_000;
        try (DecodeHarness harness = DecodeHarness.open(SETTINGS.limits(1_000, budget))) {
            List<List<byte[]>> pcm = interleaved(harness, streams);

            assertIdentical(streams, pcm);
            assertThat(harness.metric(DecodeMetrics.NATIVE_BYTES)).isBetween(budget / 2L, (long) budget);
            assertThat(harness.metric(DecodeMetrics.DECODERS_EVICTED)).isGreaterThan(1_000);
        }
    }

    @Test
    void afterEvictionByWhatTheTaskManagerHas() throws Exception {
        List<TestSteps> streams = everyKind(new Random(4));
        Configuration taskManager = new Configuration()
                .set(TaskManagerOptions.NUM_TASK_SLOTS, 4)
                .set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, MemorySize.parse("4300k"));
        try (DecodeHarness harness =
                DecodeHarness.open(SETTINGS.limitedByTaskManager(), Backend.HASH_MAP, taskManager)) {
            List<List<byte[]>> pcm = interleaved(harness, streams);

            assertIdentical(streams, pcm);
            assertThat(harness.metric(DecodeMetrics.NATIVE_BYTES))
                    .isBetween(1L, harness.decoders().nativeBudget());
            assertThat(harness.metric(DecodeMetrics.DECODERS_EVICTED)).isGreaterThan(1_000);
        }
    }

    @Test
    void oneDecoderAlwaysFits() throws Exception {
        List<TestSteps> streams = everyKind(new Random(5)).subList(0, 3);
        try (DecodeHarness harness = DecodeHarness.open(SETTINGS.limits(1_000, 1))) {
            assertIdentical(streams, interleaved(harness, streams));
            assertThat(harness.metric(DecodeMetrics.LIVE_DECODERS)).isEqualTo(1);
        }
    }

    @Test
    void whenTheyDiedWithTheirEngine() throws Exception {
        List<TestSteps> streams = everyKind(new Random(6));
        try (DecodeHarness harness = DecodeHarness.open(SETTINGS)) {
            List<List<byte[]>> pcm = empty(streams.size());
            for (int i = 0; i < 300; i++) {
                if (i % 37 == 36) {
                    streams.forEach(stream -> harness.decoders().release(stream.streamId()));
                    assertThat(harness.metric(DecodeMetrics.LIVE_DECODERS)).isZero();
                    assertThat(harness.metric(DecodeMetrics.NATIVE_BYTES)).isZero();
                }
                mapEach(harness, streams, i, pcm);
            }
            assertIdentical(streams, pcm);
            assertThat(harness.restored(Exactness.CONVERGED)).isZero();
        }
    }

    /** A log longer than an image's pre-roll, and an interval longer than the log: all of it is from the first state on. */
    @Test
    void withoutAnyImageYet() throws Exception {
        TestSteps stream = TestSteps.of("a", TestStream.of(Mode.HYBRID, Bandwidth.FULL, 2, 960, 32_000));
        TestSettings settings = SETTINGS.imageInterval(1_000).maxLive(1);
        TestSteps other = TestSteps.of("b", TestStream.withForwardErrorCorrection(1));
        try (DecodeHarness harness = DecodeHarness.open(settings)) {
            List<TestSteps> streams = List.of(stream, other);
            List<List<byte[]>> pcm = empty(2);
            for (int i = 0; i < 60; i++) {
                mapEach(harness, streams, i, pcm);
            }
            assertIdentical(streams, pcm);
            assertThat(harness.metric(DecodeMetrics.IMAGES_TAKEN)).isZero();
            assertThat(harness.restored(Exactness.CONVERGED)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void theEndOfAStreamLeavesNoState(Backend backend) throws Exception {
        List<TestSteps> streams = everyKind(new Random(7)).subList(0, 4);
        try (DecodeHarness harness = DecodeHarness.open(SETTINGS, backend)) {
            interleaved(harness, streams);
            harness.snapshot();
            assertThat(harness.stateEntries()).isPositive();
            for (TestSteps stream : streams) {
                assertThat(harness.map(stream.end()).outcome()).isEqualTo(PcmFrame.Outcome.END);
            }
            assertThat(harness.stateEntries()).isZero();
            assertThat(harness.metric(DecodeMetrics.LIVE_DECODERS)).isZero();
        }
    }

    /** What stays of the log with an image is a second: no state grows with its stream. */
    @Test
    void stateIsBounded() throws Exception {
        TestStream packets = TestStream.of(Mode.SILK, Bandwidth.WIDE, 1, 960, 16_000, 20, 1);
        TestSteps stream = TestSteps.of("a", packets);
        try (DecodeHarness harness = DecodeHarness.open(SETTINGS)) {
            List<Long> sizes = new ArrayList<>();
            for (int i = 0; i < stream.size(); i++) {
                harness.map(stream.steps().get(i));
                if (i > 0 && i % 250 == 0) {
                    sizes.add(harness.snapshot().getStateSize());
                }
            }
            assertThat(sizes).hasSize(4).allMatch(size -> size < 40_000, "below 40 kB");
            assertThat(harness.metric(DecodeMetrics.IMAGES_TAKEN)).isEqualTo(10);
            assertThat(harness.histogram(DecodeMetrics.IMAGE_BYTES)
                            .getStatistics()
                            .getMax())
                    .isLessThan(27_000);
        }
    }

    static List<TestSteps> everyKind(Random random) {
        List<TestSteps> streams = new ArrayList<>();
        for (TestStream stream : TestStream.ofEveryKind()) {
            streams.add(TestSteps.withLosses(stream.name(), stream, random));
        }
        return streams;
    }

    static List<List<byte[]>> empty(int streams) {
        List<List<byte[]>> pcm = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            pcm.add(new ArrayList<>());
        }
        return pcm;
    }

    static List<List<byte[]>> interleaved(DecodeHarness harness, List<TestSteps> streams) throws Exception {
        List<List<byte[]>> pcm = empty(streams.size());
        int steps = streams.stream().mapToInt(TestSteps::size).max().orElseThrow();
        for (int i = 0; i < steps; i++) {
            mapEach(harness, streams, i, pcm);
        }
        return pcm;
    }

    static void mapEach(DecodeHarness harness, List<TestSteps> streams, int i, List<List<byte[]>> pcm)
            throws Exception {
        for (int s = 0; s < streams.size(); s++) {
            if (i < streams.get(s).size()) {
                pcm.get(s).add(harness.map(streams.get(s).steps().get(i)).pcm());
            }
        }
    }

    /** Of each stream the steps that were run gave what the C API gives for them. */
    static void assertIdentical(List<TestSteps> streams, List<List<byte[]>> pcm) {
        for (int s = 0; s < streams.size(); s++) {
            TestSteps stream = streams.get(s);
            List<byte[]> expected = stream.pcm(SETTINGS);
            assertThat(pcm.get(s)).isNotEmpty();
            for (int i = 0; i < pcm.get(s).size(); i++) {
                assertThat(pcm.get(s).get(i))
                        .as(
                                "%s, step %d, %s",
                                stream.streamId(), i, stream.steps().get(i).kind())
                        .isEqualTo(expected.get(i));
            }
        }
    }
}
