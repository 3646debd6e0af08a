package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import dev.decant.kafka.KafkaTopics;
import dev.decant.kafka.PacketProducer;
import dev.decant.opus.TestEncoder.Bandwidth;
import dev.decant.opus.TestEncoder.Mode;
import dev.decant.opus.TestStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What happens to topics while a job lives, and what an operator sees of it: what the page on Kafka says, tried. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KafkaLifeITCase {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 16_000, 1);

    /** Of the packet topics of tests. */
    private static final int PARTITIONS = 3;

    private static final String[] DISCOVERY = {"--kafka.partition.discovery.interval.ms", "500"};

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @RegisterExtension
    static final ClusterExtension flink = new ClusterExtension(1, PARTITIONS);

    @TempDir
    private Path folder;

    private JobTopics topics;

    @BeforeEach
    void takeTopics() {
        topics = kafka.topics();
    }

    @Test
    void emptyAndIdlePartitionsHoldUpNoEnd() throws Exception {
        TestStream ended = inPartition(0, "ended");
        TestStream abandoned = inPartition(0, "abandoned");
        TestStream goesOn = inPartition(0, "goes on");
        TestStream aloneAndAbandoned = inPartition(1, "alone");
        TestStream another = inPartition(1, "another");
        try (LiveJob job = job("-D", "packets.stream-timeout=2s");
                PacketProducer producer = topics.producer()) {
            // One subtask sees all streams of a partition.
            job.submit(1);
            Speaker speaker = new Speaker(producer);
            speaker.speak(ended, 0);
            speaker.end(ended, 2_000);
            speaker.speak(abandoned, 0);
            speaker.speak(aloneAndAbandoned, 0);
            // As far as the record times of the partition are concerned, much later.
            speaker.speak(goesOn, 60_000);
            producer.flush();

            awaitEnds(ended, abandoned);
            assertThat(topics.ended())
                    .as("a stream whose partition does not go on is not known to be over")
                    .containsExactlyInAnyOrder(ended.name(), abandoned.name());

            speaker.speak(another, 60_000);
            producer.flush();
            awaitEnds(ended, abandoned, aloneAndAbandoned);
            job.stop();
        }
        assertDecoded(List.of(ended, abandoned, aloneAndAbandoned, goesOn, another));
    }

    @Test
    void emptyPartitionsDoNotHoldUpTheEndOfABoundedJob() throws Exception {
        TestStream only = inPartition(2, "only");
        topics.produceInterleaved(List.of(only));
        try (LiveJob job = job("--end", "latest")) {
            job.launch(PARTITIONS);
            job.awaitFinished();
        }
        assertDecoded(List.of(only));
    }

    @Test
    void partitionsThatAreAddedAreReadFromTheirBeginningAndStreamsMoveThere() throws Exception {
        int more = 2 * PARTITIONS;
        TestStream moves = named("moves", name -> partition(name, PARTITIONS) != partition(name, more));
        TestStream stays = named("stays", name -> partition(name, PARTITIONS) == partition(name, more));
        TestStream begins = named("begins", name -> partition(name, more) >= PARTITIONS);
        try (LiveJob job = job(DISCOVERY)) {
            job.submit(PARTITIONS);
            sendHalf(0, moves, stays);
            awaitFrames(2 * half(moves));

            try (Admin admin = admin()) {
                admin.createPartitions(Map.of(topics.packets(), NewPartitions.increaseTo(more)))
                        .all()
                        .get();
            }
            sendHalf(1, moves, stays);
            topics.produceInterleaved(List.of(begins));
            endAll(moves, stays);
            awaitEnds(moves, stays, begins);
            job.stop();
        }
        assertDecoded(List.of(moves, stays, begins));
    }

    @Test
    void topicsThatComeToMatchThePatternAreReadFromTheirBeginning() throws Exception {
        TestStream first = named("first", name -> true);
        TestStream later = named("later", name -> true);
        JobTopics another =
                new JobTopics(topics.brokers(), topics.packets() + "-2", topics.pcm(), topics.deadLetters());
        try (LiveJob job = job(DISCOVERY).withPackets("--topic-pattern", topics.packets() + "(-\\d+)?")) {
            job.submit(PARTITIONS);
            topics.produceInterleaved(List.of(first));
            awaitEnds(first);

            try (KafkaTopics created = KafkaTopics.connect(kafka.bootstrapServers(), Map.of())) {
                created.create(another.packets(), 1);
            }
            another.produceInterleaved(List.of(later));
            awaitEnds(first, later);
            job.stop();
        }
        assertDecoded(List.of(first, later));
    }

    @Test
    void aJobWhosePacketsWereDeletedBeforeItReadThemFailsAndSaysWhichAndWhatToDo() throws Exception {
        TestStream stream = inPartition(0, "speaker");
        int total = stream.packets().size();
        int deleted = total - 10;
        try (LiveJob job = job()) {
            job.submit(PARTITIONS);
            sendHalf(0, stream);
            awaitFrames(half(stream));
            String savepoint = job.stop();

            sendHalf(1, stream);
            TopicPartition partition = new TopicPartition(topics.packets(), 0);
            try (Admin admin = admin()) {
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(deleted)))
                        .all()
                        .get();
            }
            job.launchFrom(savepoint, PARTITIONS);

            assertThat(job.awaitFailure())
                    .contains("the job wants to go on in partition 0 of packet topic \"" + topics.packets()
                            + "\" at offset " + half(stream) + ", but Kafka holds " + deleted + " to " + total
                            + ": packets were deleted before they were read")
                    .contains("with --start earliest");

            // What the sentence says is to be done, is done.
            job.submit(PARTITIONS, "--start", "earliest");
            endAll(stream);
            awaitEnds(stream);
            job.stop();
        }
        assertThat(frames(stream)).hasSize(half(stream) + total - deleted);
    }

    @Test
    void aTopicThatIsDeletedIsNamedAndFailsTheJobEachTimeItIsLookedFor() throws Exception {
        TestStream stream = inPartition(0, "speaker");
        try (LiveJob job = job(DISCOVERY)) {
            job.submit(PARTITIONS);
            sendHalf(0, stream);
            awaitFrames(half(stream));
            try (Admin admin = admin()) {
                admin.deleteTopics(List.of(topics.packets())).all().get();
            }
            new JobMetrics(flink.cluster(), job.id()).awaitRestarts(restarts -> restarts >= 2);
            assertThat(flink.cluster().jobManagerLog())
                    .contains("Failed to list subscribed topic partitions")
                    .contains("Failed to get metadata for topics [" + topics.packets() + "]");
        }
    }

    @Test
    void aBrokerThatIsStartedAgainCostsNeitherARestartNorASample() throws Exception {
        try (LiveScenario scenario = new LiveScenario(job())) {
            scenario.job().submit(PARTITIONS);
            scenario.begin(List.of(inPartition(0, "zero"), inPartition(1, "one"), inPartition(2, "two")));
            scenario.committed().awaitNewPackets(1);

            kafka.broker().restart();

            scenario.committed().awaitNewPackets(1);
            new JobMetrics(flink.cluster(), scenario.job().id()).awaitRestarts(0);
            scenario.finish();
        }
    }

    private LiveJob job(String... options) {
        return new LiveJob(flink.cluster(), topics, folder, FORMAT, options);
    }

    private static Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
    }

    /** Two seconds of speech under a name whose packets go to that partition. */
    private static TestStream inPartition(int partition, String name) {
        return named(name, numbered -> partition(numbered, PARTITIONS) == partition);
    }

    /** Two seconds of speech under a name that will do. */
    private static TestStream named(String name, Predicate<String> fits) {
        String fitting = IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> name + " " + i)
                .filter(fits)
                .findFirst()
                .orElseThrow();
        return TestStream.of(Mode.SILK, Bandwidth.WIDE, 1, 960, 16_000).named(fitting);
    }

    /** Where Kafka's producers put a key. */
    private static int partition(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private static int half(TestStream stream) {
        return stream.packets().size() / 2;
    }

    private void sendHalf(int which, TestStream... streams) {
        try (PacketProducer producer = topics.producer()) {
            for (TestStream stream : streams) {
                stream.packets()
                        .subList(which * half(stream), (which + 1) * half(stream))
                        .forEach(packet -> producer.send(stream.name(), packet));
            }
        }
    }

    private void endAll(TestStream... streams) {
        try (PacketProducer producer = topics.producer()) {
            for (TestStream stream : streams) {
                producer.end(stream.name());
            }
        }
    }

    private List<PcmFrame> frames(TestStream stream) {
        return topics.readPcm().stream()
                .filter(frame -> frame.streamId().equals(stream.name()) && frame.outcome() != Outcome.END)
                .toList();
    }

    private void awaitEnds(TestStream... streams) {
        topics.awaitEnds(Stream.of(streams).map(TestStream::name).toList());
    }

    private void awaitFrames(int count) throws IOException {
        topics.awaitPcm(frames -> frames.size() >= count);
    }

    private void assertDecoded(List<TestStream> streams) {
        StreamPcm.assertDecoded(StreamPcm.of(topics.readPcm(), FORMAT), streams, FORMAT);
        assertThat(topics.readDeadLetters()).isEmpty();
    }

    /** Sends streams whose packets have record times of our choice, in the hour before. */
    private static final class Speaker {
        private static final int PACKET_MILLIS = 20;

        private final PacketProducer producer;
        private final long beginning = System.currentTimeMillis() - 3_600_000;

        Speaker(PacketProducer producer) {
            this.producer = producer;
        }

        /** @param millis after the beginning */
        void speak(TestStream stream, long millis) {
            long time = beginning + millis;
            for (byte[] packet : stream.packets()) {
                producer.send(OpusPacket.plain(stream.name(), packet, new PacketOrigin("", 0, 0, time)));
                time += PACKET_MILLIS;
            }
        }

        void end(TestStream stream, long millis) {
            producer.send(OpusPacket.end(stream.name(), new PacketOrigin("", 0, 0, beginning + millis)));
        }
    }
}
