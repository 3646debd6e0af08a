package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keyed state follows the source without a shuffle, and a job that is rescaled in the middle of recordings goes on. */
class RecordingSourceRescalingTest {
    private static final int PARALLELISM = 2;
    private static final int MAX_PARALLELISM = 128;
    private static final int RECORDINGS = 50;

    /** In the first batch, and in the second. */
    private static final List<Integer> HALTING = List.of(3, BatchLister.MAX_RECORDINGS + 4);

    /** Half of it is more than a reader reads at once. */
    private static final int LONG = 8 * BatchReader.MAX_PARTS;

    private static final int SHORT = 20;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(3)
            .build());

    @TempDir
    private Path folder;

    private final Map<String, Integer> packets = new TreeMap<>();

    @BeforeEach
    void makeRecordings() throws IOException {
        for (int number = 0; number < RECORDINGS; number++) {
            boolean halts = HALTING.contains(number);
            String name = "%02d%s.opus".formatted(number, halts ? HaltingFileSystem.HALTING : "");
            int count = halts ? LONG : SHORT;
            Files.write(
                    Files.createDirectories(folder.resolve("in")).resolve(name),
                    OggWriter.recording(OpusHead.of(1, 312, 0), Packets.numbered(count), 0));
            packets.put(name, count);
        }
        Counting.begin();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aJobThatIsStoppedInTheMiddleOfRecordingsGoesOnWithAnyParallelism(int parallelism) throws Exception {
        HaltingFileSystem.halt();
        JobClient job = job(PARALLELISM, null).executeAsync();
        assertThat(Counting.middles.await(1, TimeUnit.MINUTES)).isTrue();

        String savepoint = job.stopWithSavepoint(
                        false, folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
                .get();

        List<String> over = new ArrayList<>(Counting.OVER);
        assertThat(over).noneMatch(line -> line.contains(HaltingFileSystem.HALTING));
        assertThat(over).isNotEmpty();
        job(parallelism, savepoint).execute();
        assertThat(Counting.OVER)
                .containsExactlyInAnyOrderElementsOf(packets.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .toList());
    }

    @Test
    void nothingStandsBetweenTheSourceAndWhatIsKeyed() {
        assertThat(job(PARALLELISM, null).getStreamGraph().getJobGraph().getVerticesSortedTopologicallyFromSources())
                .hasSize(1);
    }

    private StreamExecutionEnvironment job(int parallelism, String savepoint) {
        Configuration configuration = new Configuration();
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        job.setParallelism(parallelism);
        job.setMaxParallelism(MAX_PARALLELISM);
        RecordingSource source = RecordingSource.builder()
                .input(new org.apache.flink.core.fs.Path(HaltingFileSystem.HALTING, null, folder + "/in"))
                .maxParallelism(MAX_PARALLELISM)
                .build();
        DataStreamUtils.reinterpretAsKeyedStream(
                        job.fromSource(source, WatermarkStrategy.noWatermarks(), "recordings", RecordingSource.TYPE)
                                .uid("recordings")
                                .process(new RecordingEndSplitter())
                                .uid("splitter"),
                        OpusPacket::streamId,
                        Types.STRING)
                .process(new Counting(), Types.STRING)
                .uid("counting")
                .sinkTo(new DiscardingSink<>())
                .uid("nowhere");
        return job;
    }

    /** Counts the packets of each stream in keyed state, and says at its end how many they were. */
    private static final class Counting extends KeyedProcessFunction<String, OpusPacket, String>
            implements CheckpointedFunction {
        private static final long serialVersionUID = 1;

        private static final Queue<String> OVER = new ConcurrentLinkedQueue<>();
        private static CountDownLatch middles;
        private static CountDownLatch snapshots;

        private transient ValueState<Integer> counted;

        private static void begin() {
            OVER.clear();
            middles = new CountDownLatch(HALTING.size());
            snapshots = new CountDownLatch(PARALLELISM);
        }

        @Override
        public void open(OpenContext context) {
            counted = getRuntimeContext().getState(new ValueStateDescriptor<>("counted", Types.INT));
        }

        @Override
        public void processElement(OpusPacket packet, Context context, Collector<String> out) throws IOException {
            requireOurs(packet.streamId());
            int before = counted.value() == null ? 0 : counted.value();
            if (packet.endsStream()) {
                OVER.add(Packets.named(packet).streamId() + ": " + before);
                counted.clear();
            } else {
                counted.update(before + 1);
                if (before + 1 == BatchReader.MAX_PARTS) {
                    middles.countDown();
                }
            }
        }

        /** When a job is stopped, sources stop before the snapshot: what is read from now on does not go on. */
        @Override
        public void snapshotState(FunctionSnapshotContext context) {
            snapshots.countDown();
            if (snapshots.getCount() == 0) {
                HaltingFileSystem.goOn();
            }
        }

        @Override
        public void initializeState(FunctionInitializationContext context) {}

        private void requireOurs(String streamId) {
            int owner = KeyGroupRangeAssignment.assignKeyToParallelOperator(
                    streamId, MAX_PARALLELISM, getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks());
            if (owner != getRuntimeContext().getTaskInfo().getIndexOfThisSubtask()) {
                throw new IllegalStateException(streamId + " belongs to subtask " + owner);
            }
        }
    }
}
