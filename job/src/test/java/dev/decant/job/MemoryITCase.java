package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.decode.DecodeSettings;
import dev.decant.decode.NativeMemory;
import dev.decant.decode.StreamMemory;
import dev.decant.decode.StreamMemory.Backend;
import dev.decant.decode.StreamMemory.Packets;
import dev.decant.kafka.PacketProducer;
import dev.decant.local.FlinkCluster;
import dev.decant.opus.DecoderSettings;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A TaskManager's own process, whose decoders keep to the memory that it is configured with. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MemoryITCase {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
    private static final int SLOTS = 2;
    private static final int STREAMS = 200;

    /** So many packets: an image, and half of what goes from one to the next. */
    private static final int PACKETS = 150;

    private static final int TICKS = 960;

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @TempDir
    private Path folder;

    @Test
    void decodersShareTheTaskOffHeapMemoryOfTheTaskManager() throws Exception {
        List<TestStream> streams = streams(10);
        Configuration small = new Configuration().set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, MemorySize.parse("5m"));
        try (FlinkCluster cluster = FlinkCluster.start(1, SLOTS, small);
                LiveJob job = job(cluster)) {
            job.submit(SLOTS);
            JobMetrics metrics = run(job, cluster, streams);

            long budget = needs().forDecoders(MemorySize.parse("5m"), SLOTS);
            long most = SLOTS * (budget / stereo());
            assertThat(most).as("decoders that fit").isLessThan(STREAMS * 2 / 3);
            metrics.await("liveDecoders", decoders -> decoders == most);
            metrics.await("nativeBytes", bytes -> bytes == most * stereo());
            metrics.await("decodersEvicted", evicted -> evicted > STREAMS);

            end(job, streams);
            job.stop();
            StreamPcm.assertDecoded(StreamPcm.of(job.topics().readPcm(), FORMAT), streams, FORMAT);
            assertThat(log(cluster)).doesNotContain("is not set, so the decoders");
        }
    }

    @Test
    void whatIsPlannedForALoadIsEnoughForIt() throws Exception {
        List<TestStream> streams = streams(PACKETS);
        MemoryPlan plan = plan(streams.get(0));
        Configuration planned = plan.ofTaskManager();
        planned.removeConfig(TaskManagerOptions.TOTAL_PROCESS_MEMORY);
        planned.set(TaskManagerOptions.TASK_HEAP_MEMORY, plan.taskHeap());
        try (FlinkCluster cluster = FlinkCluster.start(1, SLOTS, planned);
                LiveJob job = job(cluster)) {
            job.submit(SLOTS);
            JobMetrics metrics = run(job, cluster, streams);

            metrics.await("liveDecoders", decoders -> decoders == STREAMS);
            metrics.await("decodersEvicted", evicted -> evicted == 0);
            // Whatever a checkpoint from now on holds, it holds of all.
            String savepoint = job.stop();
            assertThat(bytesIn(Path.of(URI.create(savepoint))))
                    .as("bytes of the state of %d streams", STREAMS)
                    .isCloseTo(plan.checkpoint(), withPercentage(15));
        }
    }

    @Test
    void aTaskManagerWithoutSuchMemorySaysWhatToSet() throws Exception {
        List<TestStream> streams = streams(10);
        Configuration none = new Configuration().set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, MemorySize.ZERO);
        try (FlinkCluster cluster = FlinkCluster.start(1, SLOTS, none);
                LiveJob job = job(cluster)) {
            job.submit(SLOTS);
            run(job, cluster, streams).await("liveDecoders", decoders -> decoders == STREAMS);

            MemorySize needed = needs().taskOffHeap(10_000, stereo(), SLOTS);
            assertThat(log(cluster).lines().filter(line -> line.contains("is not set, so the decoders")))
                    .as("once a subtask")
                    .hasSize(SLOTS)
                    .allSatisfy(line -> assertThat(line)
                            .contains("WARN")
                            .contains("taskmanager.memory.task.off-heap.size=" + needed.getMebiBytes() + "m"));
            end(job, streams);
            job.stop();
            StreamPcm.assertDecoded(StreamPcm.of(job.topics().readPcm(), FORMAT), streams, FORMAT);
        }
    }

    /** One that need not close a file to open another. */
    private LiveJob job(FlinkCluster cluster) {
        return new LiveJob(cluster, kafka.topics(), folder, FORMAT, "-D", "wav.max-open-files=" + STREAMS);
    }

    /** A packet of each stream in turn, until all are decoded; no stream ends. */
    private static JobMetrics run(LiveJob job, FlinkCluster cluster, List<TestStream> streams) throws Exception {
        int packets = streams.get(0).packets().size();
        try (PacketProducer producer = job.topics().producer()) {
            for (int i = 0; i < packets; i++) {
                for (TestStream stream : streams) {
                    producer.send(stream.name(), stream.packets().get(i));
                }
            }
        }
        JobMetrics metrics = new JobMetrics(cluster, job.id());
        // Step by step: what is waited for without end is only that it goes on.
        for (int i = 1; i <= packets; i++) {
            long some = (long) STREAMS * i;
            metrics.await("decant.packets", decoded -> decoded >= some);
        }
        return metrics;
    }

    private static void end(LiveJob job, List<TestStream> streams) {
        try (PacketProducer producer = job.topics().producer()) {
            streams.forEach(stream -> producer.end(stream.name()));
        }
    }

    private static List<TestStream> streams(int packets) {
        TestStream sound = TestStream.of(Mode.CELT, Bandwidth.FULL, 2, TICKS, 64_000, 3, 1);
        List<byte[]> first = sound.packets().subList(0, packets);
        return IntStream.range(0, STREAMS)
                .mapToObj(
                        i -> new TestStream(String.format("a-stream-whose-id-is-36-letters-%04d", i), 2, TICKS, first))
                .toList();
    }

    private static MemoryPlan plan(TestStream stream) {
        DecodeSettings settings = StreamJob.decoding(new Configuration());
        double packet =
                stream.packets().stream().mapToInt(one -> one.length).average().orElseThrow();
        StreamMemory memory =
                StreamMemory.of(settings, stereo(), 2, image(stream), new Packets(packet, TICKS), Backend.HASHMAP);
        return new MemoryPlan(new MemoryPlan.Load(STREAMS, null, SLOTS, SLOTS, Backend.HASHMAP, true, memory, needs()));
    }

    private static long image(TestStream stream) {
        try (OpusEngine engine = OpusEngine.open("embedded", List.of());
                var workspace = engine.newWorkspace(2);
                var decoder = engine.newDecoder(DecoderSettings.of(FORMAT), workspace)) {
            stream.packets().subList(0, 100).forEach(decoder::decode);
            return decoder.image().orElseThrow().toBytes().length;
        }
    }

    private static long stereo() {
        return needs().stereoBytes();
    }

    private static NativeMemory needs() {
        try (OpusEngine engine = OpusEngine.open("embedded", List.of())) {
            return NativeMemory.of(engine, 8);
        }
    }

    private static String log(FlinkCluster cluster) throws IOException {
        return Files.readString(cluster.folder().resolve("taskmanager-0.log"));
    }

    private static long bytesIn(Path savepoint) throws IOException {
        try (Stream<Path> files = Files.walk(savepoint)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }
}
