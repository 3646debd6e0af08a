package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.PcmFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WavFilesTest {
    private static final int STREAMS = 40;
    private static final int FRAMES = 60;
    private static final int PARALLELISM = 2;
    private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARALLELISM)
            .build());

    @TempDir
    java.nio.file.Path folder;

    @BeforeEach
    void noFailures() {
        FAILURES_LEFT.set(0);
    }

    @ParameterizedTest(name = "{0} failures, {1} open files")
    @CsvSource({"0,100", "2,100", "2,3"})
    void aJobThatFailsWritesWhatAnUndisturbedOneWrites(int failures, int maxOpenFiles) throws Exception {
        FAILURES_LEFT.set(failures);
        StreamExecutionEnvironment job = environment(true);
        WavFiles.in(out()).maxOpenFiles(maxOpenFiles).build().write(decoded(job));
        job.execute();

        assertThat(FAILURES_LEFT).hasValue(0);
        Map<String, byte[]> files = files();
        assertThat(files).hasSize(STREAMS);
        for (int stream = 0; stream < STREAMS; stream++) {
            assertThat(files.get("call-" + stream + ".wav"))
                    .isEqualTo(Frames.wav("call-" + stream, FRAMES * Frames.SAMPLES));
        }
        assertThat(WavManifest.read(out())).hasSize(STREAMS).allSatisfy(entry -> assertThat(entry.samples())
                .isEqualTo(FRAMES * Frames.SAMPLES));
        assertThat(folder.resolve(".decant")).doesNotExist();
    }

    @Test
    void piecesOfAJobThatFailsAreWholeToo() throws Exception {
        FAILURES_LEFT.set(2);
        StreamExecutionEnvironment job = environment(true);
        WavFiles.in(out()).segment(Duration.ofMillis(500)).build().write(decoded(job));
        job.execute();

        Map<String, byte[]> files = files();
        assertThat(files).hasSize(STREAMS * 3); // 60 frames of 20 ms: 500, 500 and 200 ms
        for (int stream = 0; stream < STREAMS; stream++) {
            String id = "call-" + stream;
            assertThat(files.get(id + "/000000000000.wav")).isEqualTo(Frames.wav(Frames.samples(id, 0, 8_000)));
            assertThat(files.get(id + "/000000000500.wav")).isEqualTo(Frames.wav(Frames.samples(id, 8_000, 8_000)));
            assertThat(files.get(id + "/000000001000.wav")).isEqualTo(Frames.wav(Frames.samples(id, 16_000, 3_200)));
        }
        assertThat(folder.resolve(".decant")).doesNotExist();
    }

    @Test
    void aRunRepeatedGivesTheSameFiles() throws Exception {
        for (int run = 0; run < 2; run++) {
            StreamExecutionEnvironment job = environment(true);
            WavFiles.in(out()).build().write(decoded(job));
            job.execute();
        }

        assertThat(files()).hasSize(STREAMS);
        assertThat(WavManifest.read(out())).hasSize(STREAMS);
    }

    @Test
    void aKeyedStreamIsWrittenAndWithoutCheckpointsTheEndCommits() throws Exception {
        StreamExecutionEnvironment job = environment(false);
        SingleOutputStreamOperator<PcmFrame> frames = job.fromSequence(0, 199)
                .setParallelism(1)
                .map(number -> Frames.decoded("call-" + number % 20, (int) (number / 20)))
                .returns(PcmFrame.TYPE)
                .setParallelism(1);
        WavFiles.in(out()).build().write(frames.keyBy(PcmFrame::streamId));
        job.execute();

        assertThat(files()).hasSize(20);
        assertThat(files().get("call-7.wav")).isEqualTo(Frames.wav("call-7", 10 * Frames.SAMPLES));
        assertThat(folder.resolve(".decant")).doesNotExist();
    }

    @Test
    void framesThatWereNotKeyedAreRefused() {
        StreamExecutionEnvironment job = environment(false);
        WavFiles.in(out())
                .build()
                .write(job.fromSequence(0, 99)
                        .setParallelism(1)
                        .map(number -> Frames.decoded("call-" + number, 0))
                        .returns(PcmFrame.TYPE)
                        .setParallelism(PARALLELISM));

        assertThatThrownBy(job::execute).rootCause().hasMessageContaining("key the frames by stream ID");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws Exception {
        java.nio.file.Path file = Files.writeString(folder.resolve("taken"), "");

        assertThatThrownBy(() -> WavFiles.in(new Path(file.toUri())).build().requireWritable())
                .isInstanceOf(IOException.class)
                .hasMessageMatching("The output folder .*taken cannot be written: .*taken is a file");
        assertThatThrownBy(() -> WavFiles.in(new Path(file.resolve("below").toUri()))
                        .build()
                        .requireWritable())
                .isInstanceOf(IOException.class)
                .hasMessageMatching("The output folder .*below cannot be written: .*taken is a file");
        assertThatThrownBy(() -> WavFiles.in(new Path("nosuch://out")).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nosuch://out");
        assertThat(files()).containsOnlyKeys("taken");
    }

    @Test
    void aFileSystemThatFlinkLacksIsNamedWithWhatBringsIt() {
        assertThatThrownBy(() -> WavFiles.in(new Path("s3://bucket/wav")).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the output folder s3://bucket/wav is on a file system that this Flink does not have: a plugin"
                                + " of Flink brings it, in a folder of its own below plugins/ (for s3: flink-s3-fs-hadoop)");
    }

    @Test
    void tryingAFolderMakesItAndLeavesItEmpty() throws Exception {
        Path fresh = new Path(folder.resolve("a/b").toUri());
        WavFiles.in(fresh).build().requireWritable();

        assertThat(folder.resolve("a/b")).isEmptyDirectory();
    }

    @Test
    void optionsThatMakeNoSenseAreNamed() {
        assertThatThrownBy(() -> WavFiles.in(out()).segment(Duration.ZERO).build())
                .hasMessage("a segment of PT0S: take a whole number of milliseconds, at least 1");
        assertThatThrownBy(() ->
                        WavFiles.in(out()).segment(Duration.ofNanos(1_500_000)).build())
                .hasMessageContaining("whole number of milliseconds");
        assertThatThrownBy(() -> WavFiles.in(out()).maxOpenFiles(0).build())
                .hasMessage("at most 0 open files: take at least 1");
    }

    private Path out() {
        return new Path(folder.toUri());
    }

    private static StreamExecutionEnvironment environment(boolean checkpoints) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, checkpoints ? 10 : 0);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
        StreamExecutionEnvironment job = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        job.setParallelism(PARALLELISM);
        if (checkpoints) {
            job.enableCheckpointing(50);
        }
        return job;
    }

    /** All frames of all streams, some with each checkpoint, through an operator that fails. */
    private static SingleOutputStreamOperator<PcmFrame> decoded(StreamExecutionEnvironment job) {
        var source = new DataGeneratorSource<>(
                number -> number, (long) STREAMS * FRAMES, RateLimiterStrategy.perCheckpoint(300), Types.LONG);
        return job.fromSource(source, WatermarkStrategy.noWatermarks(), "packets")
                .setParallelism(1)
                .keyBy(WavFilesTest::streamId)
                .flatMap(new FailingDecoder())
                .returns(PcmFrame.TYPE);
    }

    private static String streamId(long number) {
        return "call-" + number % STREAMS;
    }

    /** Ends every other stream; the rest ends with the input. Fails while there are failures left, after a checkpoint. */
    private static final class FailingDecoder extends RichFlatMapFunction<Long, PcmFrame>
            implements CheckpointListener {
        private boolean mayFail;

        @Override
        public void flatMap(Long number, Collector<PcmFrame> out) {
            if (mayFail && FAILURES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("a failure on purpose");
            }
            int frame = (int) (number / STREAMS);
            out.collect(Frames.decoded(streamId(number), frame));
            if (frame == FRAMES - 1 && number % 2 == 0) {
                out.collect(Frames.end(streamId(number)));
            }
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            mayFail = true;
        }
    }

    /** Everything in the folder but the manifest, by its path. */
    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<java.nio.file.Path> all = Files.walk(folder)) {
            for (java.nio.file.Path file : all.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (!name.startsWith("_manifest/")) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return files;
    }
}
