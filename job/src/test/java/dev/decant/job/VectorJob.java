package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketFraming;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.PcmFormat;
import dev.decant.decode.DecodeMetrics;
import dev.decant.file.WavFiles;
import dev.decant.local.LocalFlink;
import dev.decant.monitoring.DeadLetterRecorder;
import dev.decant.monitoring.DecantMetric;
import dev.decant.opus.OfficialVector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The official vectors through the job, from packets to WAV files: each vector is a stream, and all of them are live at
 * once.
 */
final class VectorJob implements AutoCloseable {
    private static final int PARALLELISM = 2;

    private final List<OfficialVector> vectors;
    private final InMemoryReporter metrics = InMemoryReporter.createWithRetainedMetrics();
    private final LocalFlink flink;

    VectorJob(List<OfficialVector> vectors) {
        this.vectors = vectors;
        flink = LocalFlink.start(
                metrics.addToConfiguration(new Configuration().set(CoreOptions.DEFAULT_PARALLELISM, PARALLELISM)));
    }

    /**
     * Decodes all vectors, and demands that of every packet the final range was the encoder's, and that nothing was
     * concealed or given up.
     *
     * @param folder where the WAV files go: one for each vector
     */
    WavFolder decode(String library, PcmFormat format, Path folder) throws Exception {
        Configuration options = new Configuration()
                .set(DecantOptions.OPUS_LIBRARY, library)
                .set(DecantOptions.PCM_SAMPLE_FORMAT, format.sampleFormat())
                .set(DecantOptions.PCM_RATE, format.rate())
                .set(DecantOptions.PCM_CHANNELS, format.channels());
        StreamExecutionEnvironment environment = flink.newEnvironment();
        JobDefaults.complete(options, new Configuration());
        environment.configure(options);
        new DecodePipeline(
                        this::readPackets,
                        StreamJob.decoding(options),
                        List.of(WavFiles.in(new org.apache.flink.core.fs.Path(folder.toUri()))
                                .build()::write),
                        deadLetters ->
                                deadLetters.sinkTo(new DiscardingSink<>()).uid("dead-letters"))
                .addTo(environment);
        JobClient job = environment.executeAsync(library + ", " + format);
        job.getJobExecutionResult().get();
        checkCounters(job.getJobID());
        return new WavFolder(folder);
    }

    @Override
    public void close() {
        flink.close();
    }

    private DecodePipeline.Packets readPackets(StreamExecutionEnvironment environment) {
        return new DecodePipeline.Packets(
                environment.fromData(interleaved(), OpusPacket.TYPE).uid("packets"), null);
    }

    /** A packet of each vector, then the next of each; after its last packet a vector ends. */
    private List<OpusPacket> interleaved() {
        List<OpusPacket> packets = new ArrayList<>();
        long[] ticks = new long[vectors.size()];
        for (int round = 0; packets.size() < packetCount() + vectors.size(); round++) {
            for (int i = 0; i < ticks.length; i++) {
                OfficialVector vector = vectors.get(i);
                PacketOrigin origin = new PacketOrigin(vector.name() + ".bit", 0, round, PacketOrigin.NO_TIME);
                if (round == vector.packets().size()) {
                    packets.add(OpusPacket.end(vector.name(), origin));
                } else if (round < vector.packets().size()) {
                    byte[] payload = vector.packets().get(round);
                    packets.add(new OpusPacket(
                            vector.name(),
                            payload,
                            round,
                            ticks[i],
                            null,
                            OpusPacket.ABSENT,
                            0,
                            0,
                            vector.finalRanges().get(round),
                            origin));
                    ticks[i] += PacketFraming.statedDuration(payload);
                }
            }
        }
        return packets;
    }

    private void checkCounters(JobID job) {
        assertThat(sum(job, DecodeMetrics.PACKETS, group -> true))
                .as("packets decoded")
                .isEqualTo(packetCount());
        assertThat(sum(job, DecodeMetrics.FINAL_RANGE_MISMATCHES, group -> true))
                .as("packets whose final range is not the encoder's")
                .isZero();
        assertThat(sum(job, DeadLetterRecorder.DEAD_LETTERS, group -> true))
                .as("dead letters")
                .isZero();
        assertThat(sum(job, DecodeMetrics.SAMPLES, group -> !"DECODED".equals(variable(group, "outcome"))))
                .as("samples that were not decoded from a packet")
                .isZero();
    }

    private long packetCount() {
        return vectors.stream().mapToLong(vector -> vector.packets().size()).sum();
    }

    /** Of a counter of ours over all operators and subtasks. */
    private long sum(JobID job, DecantMetric counter, Predicate<MetricGroup> which) {
        List<Metric> counters = metrics.getMetricsByGroup().entrySet().stream()
                .filter(group ->
                        job.toString().equals(variable(group.getKey(), "job_id")) && which.test(group.getKey()))
                .flatMap(group -> Stream.ofNullable(group.getValue().get(counter.name())))
                .toList();
        assertThat(counters).as("counters of the name " + counter.name()).isNotEmpty();
        return counters.stream()
                .mapToLong(registered -> ((Counter) registered).getCount())
                .sum();
    }

    private static String variable(MetricGroup group, String name) {
        return group.getAllVariables().get("<" + name + ">");
    }
}
