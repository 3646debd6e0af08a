package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.kafka.KafkaTopics;
import dev.decant.kafka.PacketProducer;
import dev.decant.kafka.PcmRecords;
import dev.decant.local.KafkaBroker;
import dev.decant.opus.TestStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.util.function.FunctionWithException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics of one test: packets go in, PCM and dead letters come out. */
record JobTopics(String brokers, String packets, String pcm, String deadLetters) {
    private static final int PARTITIONS = 3;
    private static final String BROKER_PATIENCE_MILLIS = "300000";

    /** New topics, whose names begin with {@code name}. */
    static JobTopics create(KafkaBroker broker, String name) {
        JobTopics created =
                new JobTopics(broker.bootstrapServers(), name + "-packets", name + "-pcm", name + "-dead-letters");
        try (KafkaTopics topics = KafkaTopics.connect(created.brokers, Map.of())) {
            topics.create(created.packets, PARTITIONS);
            topics.create(created.pcm, PARTITIONS);
            topics.create(created.deadLetters, 1);
        }
        return created;
    }

    /** All partitions of the PCM topic, which the broker need not know yet. */
    List<TopicPartition> pcmPartitions() {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(pcm, partition))
                .toList();
    }

    /** To be closed by the caller. It waits for a broker that a test has killed, however slowly that comes back. */
    PacketProducer producer() {
        return new PacketProducer(
                brokers,
                packets,
                Map.of(
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        BROKER_PATIENCE_MILLIS,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        BROKER_PATIENCE_MILLIS));
    }

    /** Kafka's own, for what is no packet; to be closed by the caller. */
    KafkaProducer<byte[], byte[]> plainProducer() {
        Map<String, Object> properties = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A packet of each stream, then the next of each, to the end of all. */
    void produceInterleaved(List<TestStream> streams) {
        int longest = streams.stream()
                .mapToInt(stream -> stream.packets().size())
                .max()
                .orElseThrow();
        try (PacketProducer producer = producer()) {
            for (int i = 0; i < longest; i++) {
                for (TestStream stream : streams) {
                    if (i < stream.packets().size()) {
                        producer.send(stream.name(), stream.packets().get(i));
                    }
                }
            }
            streams.forEach(stream -> producer.end(stream.name()));
        }
    }

    /**
     * The arguments of a job with these topics.
     *
     * @param more any others, and where the packets come from
     */
    String[] streamArguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "stream",
                "--brokers",
                brokers,
                "--pcm-topic",
                pcm,
                "--dead-letter-topic",
                deadLetters,
                "-D",
                "pcm.transactional-id-prefix=" + pcm));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    /**
     * Runs {@code decant stream} over all that is there.
     *
     * @param checkpoints the folder for them
     * @param more arguments
     */
    void decode(Path checkpoints, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "--end",
                "latest",
                "--checkpoints",
                checkpoints.toUri().toString(),
                "-D",
                "execution.checkpointing.interval=500ms"));
        all.addAll(List.of(more));
        DecantCall call = DecantCall.of(streamArguments(all.toArray(String[]::new)));
        assertThat(call.exitCode()).as(call.err()).isZero();
    }

    /** All PCM that is committed now, each stream's in order. */
    List<PcmFrame> readPcm() {
        return CommittedRecords.read(brokers, pcm).stream()
                .map(PcmRecords::read)
                .toList();
    }

    /** The streams whose ends are committed now. */
    Set<String> ended() {
        return readPcm().stream()
                .filter(frame -> frame.outcome() == Outcome.END)
                .map(PcmFrame::streamId)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns when the PCM that is committed will do; the test has its time to wait. */
    void awaitPcm(FunctionWithException<List<PcmFrame>, Boolean, IOException> enough) throws IOException {
        while (!enough.apply(readPcm())) {
            assertThat(Thread.currentThread().isInterrupted())
                    .as("the time for this test is over")
                    .isFalse();
        }
    }

    /** Returns when the end of each of these streams is committed; the test has its time to wait. */
    void awaitEnds(Collection<String> streamIds) {
        for (Set<String> ended = ended(); !ended.containsAll(streamIds); ended = ended()) {
            assertThat(Thread.currentThread().isInterrupted())
                    .as("the time for this test is over, and of %s only these have ended: %s", streamIds, ended)
                    .isFalse();
        }
    }

    /** All chunks of PCM that are committed now, each stream's in order. */
    List<PcmChunk> readChunks() {
        return CommittedRecords.read(brokers, pcm).stream()
                .map(PcmRecords::readChunk)
                .toList();
    }

    /** All dead letters that are committed now. */
    List<ConsumerRecord<byte[], byte[]>> readDeadLetters() {
        return CommittedRecords.read(brokers, deadLetters);
    }
}
