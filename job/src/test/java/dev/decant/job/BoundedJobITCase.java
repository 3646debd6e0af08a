package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.TestStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that decodes up to an end comes to it, whatever fails on the way. An open Kafka transaction holds the job up short
 * of its end, for as long as the test needs: the end is where the partitions end, but what is not committed is not read.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BoundedJobITCase {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 2);
    private static final int PARALLELISM = 2;

    private static final List<TestStream> BEFORE = TestStream.ofEveryKind().subList(0, 4);
    private static final List<TestStream> AFTER = TestStream.ofEveryKind().subList(4, 8);

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @RegisterExtension
    static final ClusterExtension flink = new ClusterExtension(2, 1);

    @TempDir
    private Path folder;

    private JobTopics topics;
    private LiveJob job;
    private KafkaProducer<byte[], byte[]> transaction;

    @BeforeEach
    void produce() throws Exception {
        topics = kafka.topics();
        topics.produceInterleaved(BEFORE);
        transaction = openTransaction(AFTER);
        job = new LiveJob(flink.cluster(), topics, folder, FORMAT, "--end", "latest");
    }

    @AfterEach
    void closeJobAndProducer() {
        try {
            job.close();
        } finally {
            transaction.close();
        }
    }

    @Test
    void aJobWhoseTaskManagerIsKilledComesToItsEnd() throws Exception {
        job.submit(PARALLELISM);
        awaitEnds(BEFORE);

        flink.cluster().killTaskManager(flink.cluster().taskManagers().first());
        flink.cluster().addTaskManager();
        transaction.commitTransaction();

        job.awaitFinished();
        assertEverythingIsDecoded();
    }

    @Test
    void aJobThatGoesOnFromACheckpointComesToItsEnd() throws Exception {
        job.submit(PARALLELISM);
        awaitEnds(BEFORE);

        flink.cluster().killJobManager();
        flink.cluster().restartJobManager();
        job.submitFromLastCheckpoint(PARALLELISM);
        transaction.commitTransaction();

        job.awaitFinished();
        assertEverythingIsDecoded();
    }

    /** Returns when a checkpoint is complete that holds the end of these streams. */
    private void awaitEnds(List<TestStream> streams) {
        topics.awaitEnds(streams.stream().map(TestStream::name).toList());
    }

    private void assertEverythingIsDecoded() throws Exception {
        List<TestStream> all = Stream.concat(BEFORE.stream(), AFTER.stream()).toList();
        StreamPcm.assertDecoded(StreamPcm.of(topics.readPcm(), FORMAT), all, FORMAT);
        StreamPcm.assertDecoded(job.wavs().read(FORMAT), all, FORMAT);
        assertThat(topics.readDeadLetters()).isEmpty();
    }

    /** All packets of the streams, and their ends, sent but not committed. */
    private KafkaProducer<byte[], byte[]> openTransaction(List<TestStream> streams) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        topics.brokers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        topics.packets(),
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        Math.toIntExact(Duration.ofMinutes(10).toMillis())),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        for (TestStream stream : streams) {
            byte[] key = stream.name().getBytes(StandardCharsets.UTF_8);
            stream.packets().forEach(packet -> producer.send(new ProducerRecord<>(topics.packets(), key, packet)));
            producer.send(new ProducerRecord<>(topics.packets(), key, null));
        }
        producer.flush();
        return producer;
    }
}
