package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.local.FlinkCluster;
import dev.decant.local.KafkaBroker;
import dev.decant.opus.TestStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One job of each kind, which together have every metric that there is: packets from Kafka, RTP from Kafka, recordings. They
 * run until this is closed; each needs a slot.
 */
final class MonitoredJobs implements AutoCloseable {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
    private static final byte[] RTCP = {(byte) 0x80, (byte) 201, 0, 1, 0, 0, 0, 7};

    private final FlinkCluster cluster;
    private final LiveJob packets;
    private final LiveJob rtp;
    private final EndlessStreams streams;
    private final Path list;
    private JobID recordings;

    private MonitoredJobs(FlinkCluster cluster, KafkaBroker broker, Path folder) {
        this.cluster = cluster;
        JobTopics topics = JobTopics.create(broker, "monitored");
        packets = new LiveJob(cluster, topics, folder.resolve("packets"), FORMAT);
        rtp = new LiveJob(
                cluster,
                JobTopics.create(broker, "monitored-rtp"),
                folder.resolve("rtp"),
                FORMAT,
                "--packet-format",
                "rtp");
        streams = new EndlessStreams(topics);
        list = folder.resolve("list");
    }

    /**
     * Starts them; packets are coming when this returns.
     *
     * @param folder for what they read and write
     */
    static MonitoredJobs start(FlinkCluster cluster, KafkaBroker broker, Path folder) throws Exception {
        MonitoredJobs jobs = new MonitoredJobs(cluster, broker, folder);
        try {
            jobs.packets.submit(1);
            jobs.rtp.submit(1);
            jobs.transcode(folder);
            for (TestStream stream : TestStream.ofEveryKind().subList(0, 4)) {
                jobs.streams.begin(stream);
            }
            return jobs;
        } catch (Throwable e) {
            jobs.close();
            throw e;
        }
    }

    /** Sends a record without a key, a packet that is none, and a packet of RTCP. */
    void sendWhatCannotBeUsed() throws Exception {
        JobTopics topics = packets.topics();
        try (KafkaProducer<byte[], byte[]> producer = topics.plainProducer()) {
            byte[] code3WithoutCount = {(byte) 0xFF};
            producer.send(new ProducerRecord<>(topics.packets(), null, code3WithoutCount))
                    .get();
            byte[] key = "broken".getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topics.packets(), key, code3WithoutCount))
                    .get();
            producer.send(new ProducerRecord<>(rtp.topics().packets(), key, RTCP))
                    .get();
        }
    }

    @Override
    public void close() {
        try (packets;
                rtp;
                streams) {
            if (recordings != null) {
                cluster.client().cancel(recordings).join();
                endList();
            }
        }
    }

    /** A job that finds no end: its list of recordings comes through a pipe that nobody writes to. */
    private void transcode(Path folder) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", list.toString()).start().waitFor())
                .as("exit code of mkfifo")
                .isZero();
        recordings = cluster.submit(
                        ClusterExtension.JAR,
                        "transcode",
                        folder.toString(),
                        folder.resolve("transcoded").toString(),
                        "--list",
                        list.toString(),
                        "--checkpoints",
                        folder.resolve("checkpoints").toUri().toString(),
                        "--parallelism",
                        "1")
                .jobId();
    }

    /** Whoever waits for the list in the JobManager waits no more. */
    private void endList() {
        try {
            new RandomAccessFile(list.toFile(), "rw").close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
