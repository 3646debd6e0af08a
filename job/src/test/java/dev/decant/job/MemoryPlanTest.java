package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.decode.NativeMemory;
import dev.decant.decode.StreamMemory;
import dev.decant.decode.StreamMemory.Backend;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is computed of a load, against what Flink makes of the options. */
class MemoryPlanTest {
    private static final NativeMemory NATIVE = new NativeMemory(18_419, 27_187, 971_000);
    private static final StreamMemory STEREO = new StreamMemory(27_187, 55_000, 38_000, 37_000);

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, HASHMAP",
        "1000, 1, 2, HASHMAP",
        "5000, 2, 2, HASHMAP",
        "5000, 2, 2, ROCKSDB",
        "50000, 4, 4, HASHMAP",
        "50000, 125, 2, HASHMAP",
        "50000, 125, 8, ROCKSDB",
        "2000000, 1024, 3, ROCKSDB"
    })
    void flinkMakesOfTheOptionsWhatIsNeeded(long streams, int parallelism, int slots, Backend backend) {
        MemoryPlan plan = plan(streams, parallelism, Math.min(slots, parallelism), backend, true);

        Configuration options = plan.ofTaskManager();
        var made = MemoryPlan.spec(options);

        assertThat(made.getTaskHeapSize()).isGreaterThanOrEqualTo(plan.taskHeap());
        assertThat(made.getTaskOffHeapSize()).isEqualTo(plan.taskOffHeap());
        assertThat(made.getManagedMemorySize()).isEqualTo(plan.managed());
        assertThat(made.getJvmMetaspaceAndOverhead().getOverhead()).isGreaterThanOrEqualTo(plan.jvmOverhead());
        // Not much more than that: Flink takes a tenth each for network and JVM.
        assertThat(made.getTaskHeapSize())
                .isLessThan(plan.taskHeap().multiply(1.1).add(MemorySize.ofMebiBytes(192)));
    }

    @Test
    void eachSlotHasRoomForAllItsDecoders() {
        MemoryPlan plan = plan(50_000, 125, 2, Backend.HASHMAP, true);

        MemorySize taskOffHeap = plan.ofTaskManager().get(TaskManagerOptions.TASK_OFF_HEAP_MEMORY);

        assertThat(NATIVE.forDecoders(taskOffHeap, 2) / STEREO.decoder())
                .isGreaterThanOrEqualTo(plan.decodersOfSubtask());
    }

    @ParameterizedTest
    @CsvSource({"50000, 4", "50000, 125", "5000, 3", "300, 16", "100000, 1000"})
    void noSubtaskGetsMoreStreamsThanSaid(int streams, int parallelism) {
        int[] got = new int[parallelism];
        for (int i = 0; i < streams; i++) {
            got[
                    KeyGroupRangeAssignment.assignKeyToParallelOperator(
                            "speaker-" + i, JobDefaults.MAX_PARALLELISM, parallelism)]++;
        }
        int most = Arrays.stream(got).max().orElseThrow();
        MemoryPlan plan = plan(streams, parallelism, 1, Backend.HASHMAP, false);

        // One in a thousand may be above it, and here are up to a thousand.
        assertThat(most).isLessThanOrEqualTo((int) (plan.streamsOfSubtask() * 1.15 + 1));
        assertThat(plan.streamsOfSubtask()).isLessThan(most * 3L / 2 + 10);
    }

    @Test
    void whatIsLimitedOnPurposeIsNotPlannedFor() {
        MemoryPlan all = plan(10_000, 2, 2, Backend.HASHMAP, true);
        MemoryPlan few = new MemoryPlan(new MemoryPlan.Load(10_000, 100, 2, 2, Backend.HASHMAP, true, STEREO, NATIVE));

        assertThat(few.decoders()).isEqualTo(100 * STEREO.decoder());
        assertThat(few.stateHeap()).isEqualTo(all.stateHeap());
        assertThat(few.taskOffHeap()).isLessThan(all.taskOffHeap());
        assertThat(few.ofJob().toMap()).containsEntry("decoder.max-live", "100");
        assertThat(all.ofJob().toMap()).doesNotContainKey("decoder.max-live");
    }

    @Test
    void moreDecodersThanOurDefaultAllowsAreAllowedByAnOption() {
        MemoryPlan plan = plan(50_000, 2, 2, Backend.HASHMAP, true);

        assertThat(plan.ofJob().toMap())
                .containsEntry("decoder.max-live", String.valueOf(plan.streamsOfSubtask()))
                .containsEntry("parallelism.default", "2");
    }

    @Test
    void processesOfIsolatedDecodersArePlannedForWhereThereMayBeSome() {
        assertThat(plan(1_000, 2, 2, Backend.HASHMAP, true).jvmOverhead())
                .isEqualTo(MemorySize.ofMebiBytes(192).add(NativeMemory.DECODER_PROCESS.multiply(2)));
        assertThat(plan(1_000, 2, 2, Backend.HASHMAP, false).ofTaskManager().toMap())
                .doesNotContainKey("taskmanager.memory.jvm-overhead.min");
    }

    @Test
    void theLinesThatArePrintedAreReadByFlinkAsTheyAreMeant() {
        MemoryPlan plan = plan(5_000, 2, 2, Backend.ROCKSDB, true);
        StringWriter printed = new StringWriter();
        new MemoryPlanTable(plan, new PrintWriter(printed, true)).print("what kind");

        Configuration read = new Configuration();
        printed.toString()
                .lines()
                .filter(line -> line.startsWith("  taskmanager."))
                .map(line -> line.strip().split(": "))
                .forEach(line -> read.setString(line[0], line[1]));

        assertThat(MemoryPlan.spec(read)).isEqualTo(MemoryPlan.spec(plan.ofTaskManager()));
        assertThat(printed.toString()).contains("-Dparallelism.default=2 -Dstate.backend.type=rocksdb");
    }

    private static MemoryPlan plan(long streams, int parallelism, int slots, Backend backend, boolean isolated) {
        StreamMemory stream = backend == Backend.HASHMAP
                ? STEREO
                : new StreamMemory(STEREO.decoder(), STEREO.decoderHeap(), 0, STEREO.checkpoint());
        return new MemoryPlan(
                new MemoryPlan.Load(streams, null, parallelism, slots, backend, isolated, stream, NATIVE));
    }
}
