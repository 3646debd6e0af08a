package dev.decant.kafka;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmChunkSerializer;
import dev.decant.audio.PcmFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** The subtasks of the operator that makes chunks, with their keyed state: frames in, chunks out. */
final class ChunkHarness implements AutoCloseable {
    private static final int MAX_PARALLELISM = 32;

    /** Where keyed state lies. */
    enum Backend {
        HASH_MAP,
        ROCKS_DB;

        StateBackend open() {
            return this == HASH_MAP ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
        }
    }

    /**
     * What the operator is told.
     *
     * @param millis length of a chunk
     * @param memory bytes on the heap
     */
    record Settings(int millis, int rate, long memory, int maxRecordBytes, Backend backend) {
        static final Settings A_SECOND_AT_16_KHZ = new Settings(1_000, 16_000, 1 << 20, 1 << 20, Backend.HASH_MAP);

        Settings millis(int changed) {
            return new Settings(changed, rate, memory, maxRecordBytes, backend);
        }

        Settings memory(long changed) {
            return new Settings(millis, rate, changed, maxRecordBytes, backend);
        }

        Settings maxRecordBytes(int changed) {
            return new Settings(millis, rate, memory, changed, backend);
        }

        Settings backend(Backend changed) {
            return new Settings(millis, rate, memory, maxRecordBytes, changed);
        }

        ChunkLength length() {
            return new ChunkLength(Duration.ofMillis(millis), rate);
        }
    }

    private final List<KeyedOneInputStreamOperatorTestHarness<String, PcmFrame, PcmChunk>> subtasks = new ArrayList<>();
    private long checkpoints;

    /** A new job of one subtask. */
    static ChunkHarness open(Settings settings) throws Exception {
        return restore(settings, 1, new OperatorSubtaskState[0]);
    }

    /** A job that goes on from what was the state of the subtasks of another. */
    static ChunkHarness restore(Settings settings, int parallelism, OperatorSubtaskState... states) throws Exception {
        ChunkHarness harness = new ChunkHarness();
        for (int subtask = 0; subtask < parallelism; subtask++) {
            var opened = subtask(settings, parallelism, subtask);
            harness.subtasks.add(opened);
            if (states.length > 0) {
                opened.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        AbstractStreamOperatorTestHarness.repackageState(states),
                        MAX_PARALLELISM,
                        states.length,
                        parallelism,
                        subtask));
            }
            opened.open();
        }
        return harness;
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, PcmFrame, PcmChunk> subtask(
            Settings settings, int parallelism, int subtask) throws Exception {
        var opened = new KeyedOneInputStreamOperatorTestHarness<>(
                new PcmChunker(settings.length(), settings.maxRecordBytes(), settings.memory()),
                PcmFrame::streamId,
                Types.STRING,
                new MockEnvironmentBuilder()
                        .setMaxParallelism(MAX_PARALLELISM)
                        .setParallelism(parallelism)
                        .setSubtaskIndex(subtask)
                        .setManagedMemorySize(64 << 20)
                        .build());
        opened.setStateBackend(settings.backend().open());
        opened.setup(PcmChunkSerializer.INSTANCE);
        return opened;
    }

    void add(PcmFrame frame) throws Exception {
        subtasks.get(KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        frame.streamId(), MAX_PARALLELISM, subtasks.size()))
                .processElement(new StreamRecord<>(frame));
    }

    void add(List<PcmFrame> frames) throws Exception {
        for (PcmFrame frame : frames) {
            add(frame);
        }
    }

    void endInput() throws Exception {
        for (var subtask : subtasks) {
            subtask.endInput();
        }
    }

    /** The chunks that came out since this was last called. */
    List<PcmChunk> chunks() {
        List<PcmChunk> chunks = new ArrayList<>();
        for (var subtask : subtasks) {
            chunks.addAll(subtask.extractOutputValues());
            subtask.getOutput().clear();
        }
        return chunks;
    }

    OperatorSubtaskState[] snapshot() throws Exception {
        checkpoints++;
        OperatorSubtaskState[] states = new OperatorSubtaskState[subtasks.size()];
        for (int subtask = 0; subtask < states.length; subtask++) {
            states[subtask] = subtasks.get(subtask).snapshot(checkpoints, checkpoints);
        }
        return states;
    }

    /** How many streams have something in state. */
    long streamsInState() {
        return subtasks.stream().mapToLong(ChunkHarness::streamsInState).sum();
    }

    private static long streamsInState(KeyedOneInputStreamOperatorTestHarness<String, PcmFrame, PcmChunk> subtask) {
        KeyedStateBackend<?> backend = ((AbstractStreamOperator<?>) subtask.getOperator()).getKeyedStateBackend();
        try (var spans = backend.getKeys("chunk-span", VoidNamespace.INSTANCE);
                var pieces = backend.getKeys("chunk-pieces", VoidNamespace.INSTANCE)) {
            return Math.max(spans.count(), pieces.count());
        }
    }

    @Override
    public void close() {
        for (var subtask : subtasks) {
            try {
                subtask.close();
            } catch (Exception e) {
                throw new IllegalStateException("The operator did not close in good order", e);
            }
        }
    }
}
