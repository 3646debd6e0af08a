package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.decode.DecodeHarness.Backend;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.TestStream;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

/** The memory outside the heap that decoders may take, as it follows from what a TaskManager is configured with. */
class DecoderBudgetTest {
    private static final NativeMemory NEEDS = new NativeMemory(18_419, 27_187, 1_000_000);
    private static final LiveLimits FREE = new LiveLimits(10_000, null);

    @Test
    void isWhatTaskOffHeapMemoryHasForASlotLessTheBuffers() {
        DecoderBudget budget = DecoderBudget.of(FREE, NEEDS, taskManager(4, "100m"));

        assertThat(budget.bytes()).isEqualTo((25L << 20) - 1_000_000);
        assertThat(budget.toSet()).isEmpty();
    }

    @Test
    void holdsAsManyDecodersAsTheMemoryWasComputedFor() {
        for (int slots : new int[] {1, 2, 3, 7}) {
            for (int decoders : new int[] {1, 100, 2_500, 10_000}) {
                MemorySize computed = NEEDS.taskOffHeap(decoders, NEEDS.stereoBytes(), slots);

                long bytes = DecoderBudget.of(FREE, NEEDS, taskManager(slots, computed.toString()))
                        .bytes();

                assertThat(bytes / NEEDS.stereoBytes())
                        .as("%d slots, %d decoders", slots, decoders)
                        .isGreaterThanOrEqualTo(decoders);
                // No more than what rounding up to a mebibyte gives away.
                assertThat(bytes).isLessThan(decoders * NEEDS.stereoBytes() + (1 << 20));
            }
        }
    }

    @Test
    void isSmallWhereNoneIsConfiguredAndSaysWithTheComputationWhatToSet() {
        DecoderBudget budget = DecoderBudget.of(FREE, NEEDS, taskManager(2, "0"));

        assertThat(budget.bytes()).isEqualTo((32L << 20) - 1_000_000);
        assertThat(budget.toSet())
                .get()
                .asString()
                .contains("taskmanager.memory.task.off-heap.size is not set")
                .contains("1,197 stereo or 1,767 mono")
                .contains("2 slots x (10,000 stereo decoders x 27,187 bytes + 1,000,000 bytes of buffers)")
                .contains("set taskmanager.memory.task.off-heap.size=521m");
    }

    @Test
    void hasRoomForOneDecoderHoweverManySlotsShareTheDefault() {
        assertThat(DecoderBudget.of(FREE, NEEDS, taskManager(1_000, "0")).bytes())
                .isEqualTo(NEEDS.stereoBytes());
    }

    @Test
    void ofAFlinkInsideAnotherJvmIsNoMatterOfSlots() {
        // As LocalFlink and all of Flink's own local environments have it.
        DecoderBudget budget = DecoderBudget.of(FREE, NEEDS, taskManager(64, "1 tb"));

        assertThat(budget.bytes()).isEqualTo(256L << 20);
        assertThat(budget.toSet()).isEmpty();
    }

    @Test
    void thatIsGivenGoesBeforeWhatTheTaskManagerHas() {
        LiveLimits given = new LiveLimits(10_000, 20L << 20);

        DecoderBudget within = DecoderBudget.of(given, NEEDS, taskManager(4, "100m"));
        DecoderBudget beyond = DecoderBudget.of(given, NEEDS, taskManager(5, "100m"));

        assertThat(List.of(within.bytes(), beyond.bytes())).containsOnly(20L << 20);
        assertThat(within.toSet()).isEmpty();
        assertThat(beyond.toSet())
                .get()
                .asString()
                .contains("decoder.memory")
                .contains("104.8 MiB: more than its taskmanager.memory.task.off-heap.size, which is 100.0 MiB")
                .contains("taskmanager.memory.task.off-heap.size=105m");
    }

    @Test
    void ofPureJavaIsNothingAndNothingIsToBeSet() {
        DecoderBudget budget = DecoderBudget.of(FREE, new NativeMemory(0, 0, 0), taskManager(2, "0"));

        assertThat(budget).isEqualTo(new DecoderBudget(0, null));
    }

    @Test
    void whatIsConfiguredTooSmallForOneDecoderEndsTheJobAndSaysWhatWouldDo() throws Exception {
        try (OpusEngine engine = OpusEngine.open("embedded", List.of())) {
            NativeMemory needs = NativeMemory.of(engine, 8);
            MemorySize least = needs.taskOffHeap(1, needs.stereoBytes(), 2);
            Configuration enough = taskManager(2, least.toString());
            Configuration tooSmall = taskManager(2, (2 * needs.bufferBytes()) + "b");
            TestSettings settings = TestSettings.USUAL.limitedByTaskManager();

            assertThatThrownBy(() -> DecodeHarness.open(settings, Backend.HASH_MAP, tooSmall))
                    .isInstanceOf(SuppressRestartsException.class)
                    .rootCause()
                    .hasMessageContaining("taskmanager.memory.task.off-heap.size is ")
                    .hasMessageContaining("Set it to " + least.getMebiBytes() + "m at least");
            try (DecodeHarness harness = DecodeHarness.open(settings, Backend.HASH_MAP, enough)) {
                TestSteps steps = TestSteps.of("alone", TestStream.withForwardErrorCorrection(2));
                for (DecodeStep step : steps.steps()) {
                    harness.map(step);
                }
                assertThat(harness.metric(DecodeMetrics.LIVE_DECODERS)).isEqualTo(1);
            }
        }
    }

    @Test
    void decodersAreNeverMoreThanTheSmallDefaultHolds() throws Exception {
        try (DecodeHarness harness =
                DecodeHarness.open(TestSettings.USUAL.limitedByTaskManager(), Backend.HASH_MAP, taskManager(16, "0"))) {
            long budget = harness.decoders().nativeBudget();
            TestStream speech = TestStream.withForwardErrorCorrection(2);
            for (int i = 0; i < 200; i++) {
                TestSteps steps = TestSteps.of("stream-" + i, speech);
                harness.map(steps.steps().get(0));
                harness.map(steps.steps().get(1));
            }

            assertThat(budget).isBetween(2L << 20, 4L << 20);
            assertThat(harness.metric(DecodeMetrics.NATIVE_BYTES)).isBetween(budget - 27_187, budget);
            assertThat(harness.metric(DecodeMetrics.DECODERS_EVICTED)).isGreaterThan(50);
        }
    }

    @Test
    void theFigureOfBuffersIsWhatTheWorkspacesTake() {
        try (OpusEngine engine = OpusEngine.open("embedded", List.of())) {
            long counted = engine.liveNativeBytes();
            try (var plain = engine.newWorkspace(2);
                    var largest = engine.newWorkspace(8, 16)) {
                assertThat(engine.liveNativeBytes() - counted)
                        .isEqualTo(NativeMemory.of(engine, 8).bufferBytes());
                assertThat(plain).isNotSameAs(largest);
            }
            assertThat(NativeMemory.of(engine, 1).bufferBytes()).isEqualTo(engine.workspaceBytes(1, 2));
        }
    }

    private static Configuration taskManager(int slots, String taskOffHeap) {
        return new Configuration()
                .set(TaskManagerOptions.NUM_TASK_SLOTS, slots)
                .set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, MemorySize.parse(taskOffHeap));
    }
}
