package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.monitoring.LimitedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Either;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The source in a job, beside what each file gives when it is read directly. */
// Flink's iterators may throw anything from close(), an interruption too.
@SuppressWarnings("try")
class RecordingSourceClusterTest {
    private static final int PARALLELISM = 2;
    private static final int MAX_PARALLELISM = 128;
    private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARALLELISM)
            .build());

    @TempDir
    Path folder;

    @BeforeEach
    void noFailures() {
        FAILURES_LEFT.set(0);
    }

    @Test
    void aTreeGivesWhatItsFilesGive() throws Exception {
        make("a.opus", 3);
        make("b/c d:e%41.opus", 700);
        make("b/f/g\nh.ogg", 55);
        make("b/empty.opus", 0);
        Files.writeString(folder.resolve("b/text.opus"), "RIFF....WAVE");

        assertThat(run()).containsExactlyInAnyOrderElementsOf(directly(folder));
    }

    @Test
    void aJobThatFailsGivesWhatAnUndisturbedOneGives() throws Exception {
        for (int i = 0; i < 100; i++) {
            make("%d/%02d.opus".formatted(i / 10, i), 3_000);
        }
        FAILURES_LEFT.set(2);

        List<String> given = run();

        assertThat(FAILURES_LEFT).as("failures that did not happen").hasValue(0);
        assertThat(given).containsExactlyInAnyOrderElementsOf(directly(folder));
    }

    @Test
    void realRecordingsGiveWhatTheyGiveDirectly() throws Exception {
        String data = System.getenv("DECANT_TEST_DATA");
        assumeTrue(data != null, "DECANT_TEST_DATA is not set: no recordings to read");
        folder = Path.of(data);

        List<String> given = run();

        assertThat(given).hasSizeGreaterThan(60).containsExactlyInAnyOrderElementsOf(directly(folder));
    }

    /** For each stream what its packets are, and for each recording what its end says. */
    private List<String> run() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 5);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        job.setParallelism(PARALLELISM);
        job.setMaxParallelism(MAX_PARALLELISM);
        job.enableCheckpointing(20);
        RecordingSource source = RecordingSource.builder()
                .input(new org.apache.flink.core.fs.Path("file", null, folder.toString()))
                .maxParallelism(MAX_PARALLELISM)
                .build();
        SingleOutputStreamOperator<OpusPacket> packets = job.fromSource(
                        source, WatermarkStrategy.noWatermarks(), "recordings")
                .map(new FailNowAndThen())
                .returns(RecordingSource.TYPE)
                .process(new RecordingEndSplitter());
        SingleOutputStreamOperator<String> streams = DataStreamUtils.reinterpretAsKeyedStream(
                        packets, OpusPacket::streamId, Types.STRING)
                .process(new Digest(), Types.STRING);
        SingleOutputStreamOperator<String> ends = packets.getSideOutput(RecordingEndSplitter.ENDS)
                .map(end -> Packets.text(Packets.named(end)), Types.STRING);
        List<String> given = new ArrayList<>();
        try (CloseableIterator<String> all = streams.union(ends).executeAndCollect()) {
            all.forEachRemaining(given::add);
        }
        return given;
    }

    private static List<String> directly(Path folder) throws IOException {
        RecordingPatterns usual = new RecordingPatterns(List.of(), List.of());
        InputFiles files = new InputFiles("file", null);
        List<String> texts = new ArrayList<>();
        for (FoundRecording found : Walked.found(new FolderWalk(files, folder + "/", usual, null, ""))) {
            texts.addAll(directly(found, files));
        }
        return texts;
    }

    private static List<String> directly(FoundRecording found, InputFiles files) throws IOException {
        List<String> texts = new ArrayList<>();
        List<String> packets = List.of();
        try {
            packets = Packets.read(files.bytes(found.path()), found.path(), found.name());
        } catch (RecordingException refusal) {
            // Said by the end, which is compared below.
        }
        if (!packets.isEmpty()) {
            long digest = 0;
            for (String packet : packets) {
                digest = Digest.after(digest, packet);
            }
            texts.add(found.name() + " " + digest);
        }
        try (RecordingReading reading = new RecordingReading(
                found,
                found.name(),
                0,
                found.path(),
                files.bytes(found.path()),
                ReadingSettings.DEFAULT,
                new PacketChecks(null, 8),
                new LimitedLog("recordings that are opened again", line -> {}))) {
            RecordingPart part = null;
            while (part == null || part.end() == null) {
                part = reading.advance();
            }
            texts.add(Packets.text(part.end()));
        }
        return texts;
    }

    private void make(String name, int packets) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        OggWriter writer = new OggWriter(1);
        OpusHead head = OpusHead.of(1, 312, 0);
        Files.write(
                file,
                packets == 0
                        ? writer.headers(head).page(0, true).toBytes()
                        : writer.link(head, Packets.numbered(packets), 0).toBytes());
    }

    /** Fails with every second checkpoint that is complete, as long as there are failures left. */
    private static final class FailNowAndThen
            extends RichMapFunction<Either<RecordingEnd, OpusPacket>, Either<RecordingEnd, OpusPacket>>
            implements CheckpointListener {
        private static final long serialVersionUID = 1;

        private boolean isUnderWay;
        private int checkpoints;

        @Override
        public Either<RecordingEnd, OpusPacket> map(Either<RecordingEnd, OpusPacket> read) {
            isUnderWay = true;
            return read;
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            if (isUnderWay && ++checkpoints == 2 && FAILURES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("failing on purpose");
            }
        }
    }

    /** At the end of a stream, a number that depends on all its packets and their order. */
    private static final class Digest extends KeyedProcessFunction<String, OpusPacket, String> {
        private static final long serialVersionUID = 1;

        private transient ValueState<Long> state;

        @Override
        public void open(OpenContext context) {
            state = getRuntimeContext().getState(new ValueStateDescriptor<>("digest", Types.LONG));
        }

        @Override
        public void processElement(OpusPacket packet, Context context, Collector<String> out) throws IOException {
            if (packet.endsStream()) {
                out.collect(Packets.named(packet).streamId() + " " + state.value());
                state.clear();
            } else {
                state.update(after(state.value() == null ? 0 : state.value(), Packets.text(Packets.named(packet))));
            }
        }

        private static long after(long digest, String packet) {
            return 31 * digest + packet.hashCode();
        }
    }
}
