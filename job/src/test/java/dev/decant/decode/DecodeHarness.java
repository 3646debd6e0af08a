package dev.decant.decode;

import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrameSerializer;
import dev.decant.monitoring.DecantMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.groups.OperatorMetricGroup;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.runtime.util.TestingTaskManagerRuntimeInfo;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** A subtask of the decoding operator, with its metrics and its keyed state: steps in, frames out. */
final class DecodeHarness implements AutoCloseable {
    private static final int MAX_PARALLELISM = 32;

    /** Where keyed state lies. */
    enum Backend {
        HASH_MAP,
        ROCKS_DB;

        StateBackend open() {
            return this == HASH_MAP ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
        }
    }

    private final DecodeFunction function;
    private final RecordedMetrics metrics = new RecordedMetrics();
    private final KeyedOneInputStreamOperatorTestHarness<String, DecodeStep, PcmFrame> harness;
    private long checkpoints;

    private DecodeHarness(
            DecodeSettings settings, Backend backend, int parallelism, int subtask, Configuration taskManager)
            throws Exception {
        function = new DecodeFunction(settings);
        RecordedMetrics recorded = metrics;
        DecodeOperator operator = new DecodeOperator(function) {
            @Override
            public OperatorMetricGroup getMetricGroup() {
                return recorded;
            }
        };
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                operator,
                DecodeStep::streamId,
                Types.STRING,
                new MockEnvironmentBuilder()
                        .setMaxParallelism(MAX_PARALLELISM)
                        .setParallelism(parallelism)
                        .setSubtaskIndex(subtask)
                        .setManagedMemorySize(64 << 20)
                        .setTaskManagerRuntimeInfo(new TestingTaskManagerRuntimeInfo(taskManager))
                        .build());
        harness.setStateBackend(backend.open());
        harness.setCheckpointStorage(new JobManagerCheckpointStorage(Integer.MAX_VALUE));
        harness.setup(PcmFrameSerializer.INSTANCE);
    }

    /** The only subtask of a new job, with its state on the heap. */
    static DecodeHarness open(TestSettings settings) throws Exception {
        return open(settings, Backend.HASH_MAP);
    }

    static DecodeHarness open(TestSettings settings, Backend backend) throws Exception {
        return open(settings, backend, roomy());
    }

    /** In a TaskManager with that configuration. */
    static DecodeHarness open(TestSettings settings, Backend backend, Configuration taskManager) throws Exception {
        return opened(new DecodeHarness(settings.build(), backend, 1, 0, taskManager));
    }

    /** The only subtask of a job that goes on from {@code state}. */
    static DecodeHarness restore(TestSettings settings, Backend backend, OperatorSubtaskState state) throws Exception {
        DecodeHarness restored = new DecodeHarness(settings.build(), backend, 1, 0, roomy());
        restored.harness.initializeState(state);
        return opened(restored);
    }

    /** All subtasks of a job that goes on from what was the state of the subtasks of another. */
    static List<DecodeHarness> rescale(
            TestSettings settings, Backend backend, List<OperatorSubtaskState> states, int parallelism)
            throws Exception {
        OperatorSubtaskState all =
                AbstractStreamOperatorTestHarness.repackageState(states.toArray(new OperatorSubtaskState[0]));
        List<DecodeHarness> subtasks = new ArrayList<>();
        for (int subtask = 0; subtask < parallelism; subtask++) {
            DecodeHarness restored = new DecodeHarness(settings.build(), backend, parallelism, subtask, roomy());
            restored.harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    all, MAX_PARALLELISM, states.size(), parallelism, subtask));
            subtasks.add(opened(restored));
        }
        return subtasks;
    }

    /** Which of the subtasks of a job gets the steps of a stream. */
    static DecodeHarness ofKey(List<DecodeHarness> subtasks, String streamId) {
        return subtasks.get(
                KeyGroupRangeAssignment.assignKeyToParallelOperator(streamId, MAX_PARALLELISM, subtasks.size()));
    }

    /** A TaskManager with room for all decoders that tests let live: it has nothing to warn of. */
    private static Configuration roomy() {
        return new Configuration().set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, MemorySize.ofMebiBytes(8_192));
    }

    private static DecodeHarness opened(DecodeHarness harness) throws Exception {
        try {
            harness.harness.open();
            return harness;
        } catch (Exception refusal) {
            // As a task does, which closes what it could not open.
            harness.close();
            throw refusal;
        }
    }

    PcmFrame map(DecodeStep step) throws Exception {
        harness.processElement(new StreamRecord<>(step));
        return ((StreamRecord<?>) harness.getOutput().remove()).getValue() instanceof PcmFrame frame ? frame : null;
    }

    OperatorSubtaskState snapshot() throws Exception {
        checkpoints++;
        return harness.snapshot(checkpoints, checkpoints);
    }

    /** The checkpoint of the last snapshot is complete. */
    void complete() throws Exception {
        harness.notifyOfCompletedCheckpoint(checkpoints);
    }

    /** The value of a counter or a gauge of ours. */
    long metric(DecantMetric metric) {
        return metrics.value(metric.path());
    }

    /** The counter of ours that has this label. */
    long metric(DecantMetric metric, Enum<?> label) {
        return metrics.value(metric.path(label));
    }

    Histogram histogram(DecantMetric metric) {
        return metrics.histogram(metric.path());
    }

    long restored(DecodeMetrics.Exactness exactness) {
        return metric(DecodeMetrics.DECODERS_RESTORED, exactness);
    }

    LiveDecoders decoders() {
        return function.decoders();
    }

    /** How many entries the states of all streams have. */
    long stateEntries() {
        return Stream.of("decoder", "decoder-log").mapToLong(this::streamsWith).sum();
    }

    private long streamsWith(String state) {
        try (Stream<?> keys = harness.getOperator().getKeyedStateBackend().getKeys(state, VoidNamespace.INSTANCE)) {
            return keys.count();
        }
    }

    @Override
    public void close() {
        try {
            harness.close();
        } catch (Exception e) {
            throw new IllegalStateException("The operator did not close in good order", e);
        }
    }
}
