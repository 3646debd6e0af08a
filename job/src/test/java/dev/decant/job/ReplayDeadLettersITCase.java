package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.audio.SampleFormat;
import dev.decant.kafka.DeadLetterHeaders;
import dev.decant.kafka.KafkaTopics;
import dev.decant.opus.PoisonedLibrary;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code decant replay-dead-letters}: a job gives records up, and they come back as they were, each once. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ReplayDeadLettersITCase {
    private static final Path HOME = Path.of(System.getProperty("decant.home"));

    /** An hour before the tests run, in milliseconds since 1970: within what a topic keeps. */
    private static final long AN_HOUR_AGO = System.currentTimeMillis() - TimeUnit.HOURS.toMillis(1);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
    private static final byte[] MALFORMED_PACKET = {0x0B, 0};

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @TempDir
    private Path folder;

    private JobTopics topics;
    private KafkaProducer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private long time = AN_HOUR_AGO;

    @BeforeEach
    void takeTopics() {
        topics = kafka.topics();
        producer = topics.plainProducer();
        // Waits until the broker knows the topic that was made last.
        producer.partitionsFor(topics.deadLetters());
    }

    @AfterEach
    void closeProducer() {
        producer.close();
    }

    @Test
    void recordsOfEveryStageComeBackByteForByteAndOnce() {
        sendSomeOfWhichAreRefused();
        List<ConsumerRecord<byte[], byte[]>> sent = packets();
        decode();
        assertThat(topics.readDeadLetters()).hasSize(8);

        DecantCall call = replay();

        assertThat(call.exitCode()).as(call.err()).isZero();
        assertThat(call.err()).isEmpty();
        assertRow(call, "MALFORMED_HEADER", 2, 0, 0);
        assertRow(call, "MALFORMED_KEY", 2, 0, 0);
        assertRow(call, "MALFORMED_PACKET", 1, 0, 0);
        assertRow(call, "UNSUPPORTED_STREAM", 3, 0, 0);
        assertRow(call, "all", 8, 0, 0);
        List<Copy> refused = topics.readDeadLetters().stream()
                .map(letter -> sent.stream()
                        .filter(record -> record.partition() == number(letter, DeadLetterHeaders.PARTITION)
                                && record.offset() == number(letter, DeadLetterHeaders.OFFSET))
                        .findFirst()
                        .orElseThrow())
                .map(record -> Copy.of(record, new RecordHeader("decant.replays", new byte[] {'1'})))
                .toList();
        List<Copy> putBack = after(sent).stream().map(Copy::of).toList();
        assertThat(putBack).containsExactlyInAnyOrderElementsOf(refused);
        for (String key : List.of("bob", "carol")) {
            assertThat(of(key, putBack))
                    .as("in the order in which they were sent")
                    .isEqualTo(of(key, refused))
                    .isSortedAccordingTo((one, next) -> Long.compare(one.time(), next.time()));
        }

        DecantCall again = replay();

        assertThat(again.exitCode()).as(again.err()).isZero();
        assertRow(again, "all", 0, 0, 0);
        assertThat(packets()).hasSize(sent.size() + refused.size());
    }

    @Test
    void aRecordThatFailsAgainSaysWhyItFailedLastAndHowOftenItCameBack() {
        sendSomeOfWhichAreRefused();
        decode();
        replay();
        decode();
        List<ConsumerRecord<byte[], byte[]>> letters = topics.readDeadLetters();
        assertThat(letters).hasSize(16);
        for (ConsumerRecord<byte[], byte[]> letter : letters.subList(8, 16)) {
            assertThat(letter.headers().headers(DeadLetterHeaders.OFFSET)).hasSize(1);
            assertThat(letter.headers().headers(DeadLetterHeaders.REASON)).hasSize(1);
        }
        List<ConsumerRecord<byte[], byte[]>> before = packets();

        DecantCall call = replay("--reason", "MALFORMED_HEADER,MALFORMED_KEY");

        assertThat(call.exitCode()).as(call.err()).isZero();
        assertRow(call, "MALFORMED_HEADER", 2, 0, 0);
        assertRow(call, "MALFORMED_KEY", 2, 0, 0);
        assertRow(call, "MALFORMED_PACKET", 0, 1, 0);
        assertRow(call, "UNSUPPORTED_STREAM", 0, 3, 0);
        assertThat(after(before)).hasSize(4).allSatisfy(record -> assertThat(number(record, DeadLetterHeaders.REPLAYS))
                .isEqualTo(2));
        assertRow(replay(), "all", 0, 0, 0);
        DecantCall fromTheStart = replay("--start", "earliest", "--reason", "MALFORMED_PACKET");
        assertRow(fromTheStart, "MALFORMED_PACKET", 2, 0, 0);
        assertRow(fromTheStart, "all", 2, 14, 0);
    }

    @Test
    void aStreamThatOneLibraryCannotDecodeIsDecodedWholeByAnother() throws Exception {
        List<byte[]> packets = Collections.nCopies(3, PoisonedLibrary.crashingPacket());
        packets.forEach(packet -> send(0, "bob", packet));
        decode("--library", PoisonedLibrary.write(folder).toString(), "-D", "decoder.isolation=always");
        List<PcmFrame> refused = topics.readPcm();
        assertThat(refused).extracting(PcmFrame::outcome).containsOnly(Outcome.REJECTED);

        DecantCall call = replay("--reason", "CRASHED_DECODER");
        decode("--library", "embedded");

        assertRow(call, "CRASHED_DECODER", 3, 0, 0);
        List<PcmFrame> frames = topics.readPcm();
        List<PcmFrame> decoded = frames.subList(refused.size(), frames.size());
        StreamPcm.assertSame(
                "bob", StreamPcm.of(decoded, FORMAT).get("bob"), ReferenceDecoder.decode(FORMAT, 0, packets));
        assertThat(decoded).extracting(PcmFrame::outcome).containsOnly(Outcome.DECODED);
    }

    @Test
    void aStreamOfWrongRecordsIsMendedOnATopicOfItsOwnAndDecodedWhole() {
        TestStream stream = TestStream.ofEveryKind().get(0).named("dave");
        Header wrong = header("opus.head", Base64.getEncoder().encodeToString(head(0)));
        stream.packets().forEach(packet -> send(1, "dave", packet, wrong));
        send(1, "dave", null, wrong);
        String toMend = topics.packets() + "-to-mend";
        createTopic(toMend);
        decode();
        assertThat(topics.readPcm()).isEmpty();

        DecantCall call = replay("--topic", toMend);
        List<ConsumerRecord<byte[], byte[]>> broken = CommittedRecords.read(topics.brokers(), toMend);
        for (ConsumerRecord<byte[], byte[]> record : broken) {
            time = record.timestamp();
            send(1, "dave", record.value());
        }
        decode();

        assertRow(call, "MALFORMED_HEADER", stream.packets().size() + 1, 0, 0);
        assertThat(broken)
                .extracting(ConsumerRecord::partition)
                .containsOnly(broken.get(0).partition());
        StreamPcm.assertDecoded(StreamPcm.of(topics.readPcm(), FORMAT), List.of(stream), FORMAT);
        assertThat(topics.readPcm()).last().extracting(PcmFrame::outcome).isEqualTo(Outcome.END);
    }

    @Test
    void aReplayThatIsKilledInTheMiddleAndRunAgainPutsEachBackOnce() throws Exception {
        int letters = 2_000;
        for (int i = 0; i < letters; i++) {
            send(
                    i % 3,
                    "stream-" + i % 7,
                    ByteBuffer.allocate(Integer.BYTES).putInt(i).array(),
                    header("opus.seq", "one"));
        }
        List<ConsumerRecord<byte[], byte[]>> sent = packets();
        decode();

        int before = 0;
        for (int i = 0; i < 3; i++) {
            killWithAnOpenTransaction(letters / 20);
            int back = after(sent).size();
            assertThat(back).isBetween(before + letters / 20, letters - 1);
            before = back;
        }
        DecantCall call = replay();

        assertThat(call.exitCode()).as(call.err()).isZero();
        List<Copy> expected = sent.stream()
                .map(record -> Copy.of(record, new RecordHeader("decant.replays", new byte[] {'1'})))
                .toList();
        List<Copy> putBack = after(sent).stream().map(Copy::of).toList();
        assertThat(putBack).hasSize(letters);
        for (int i = 0; i < 7; i++) {
            assertThat(of("stream-" + i, putBack)).isEqualTo(of("stream-" + i, expected));
        }
    }

    @Test
    void whatCannotBePutBackIsNamedAndTheRestIs() throws Exception {
        String gone = topics.packets() + "-gone";
        createTopic(gone);
        setMaxMessageBytes(topics.deadLetters(), 16_384);
        send(0, "cut", new byte[200_000], header("opus.seq", "one"));
        send(0, "left-out", new byte[1], header("opus.seq", "one"), header("long", "x".repeat(20_000)));
        time = 999;
        send(0, "old", new byte[1], header("opus.seq", "one"));
        time = AN_HOUR_AGO;
        send(0, null, new byte[1]);
        send(new ProducerRecord<>(gone, 0, time, bytes("gone"), MALFORMED_PACKET));
        decode("--topic", topics.packets() + ";" + gone);
        send(new ProducerRecord<>(topics.deadLetters(), bytes("no letter"), new byte[0]));
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(gone)).all().get();
        }
        List<ConsumerRecord<byte[], byte[]>> before = packets();

        for (String[] arguments : new String[][] {{"--dry-run"}, {}, {"--start", "earliest", "--dry-run"}}) {
            DecantCall call = replay(arguments);

            assertThat(call.exitCode()).isEqualTo(UsageException.SOME_FAILED);
            assertRow(call, "MALFORMED_HEADER", 0, 0, 3);
            assertRow(call, "MALFORMED_KEY", 1, 0, 0);
            assertRow(call, "MALFORMED_PACKET", 0, 0, 1);
            assertRow(call, "(no dead letter)", 0, 0, 1);
            assertRow(call, "all", 1, 0, 5);
            assertThat(call.err())
                    .contains(
                            "of record " + topics.packets() + "-0@0, cannot be put back: its value is cut to ",
                            "of record " + topics.packets()
                                    + "-0@1, cannot be put back: the last 1 of its headers are left out",
                            "of record " + topics.packets()
                                    + "-0@2, cannot be put back: its time, 1970-01-01T00:00:01Z, is longer ago than topic",
                            "of record " + gone + "-0@0, cannot be put back: it came from \"" + gone
                                    + "\", and there is" + " no such topic",
                            "header __connect.errors.topic is missing");
        }
        assertThat(after(before)).singleElement().satisfies(record -> assertThat(record.key())
                .isNull());
    }

    @Test
    void aRecordThatItsTopicDoesNotTakeAnyMoreStopsNoOther() throws Exception {
        send(0, "long", new byte[20_000], header("opus.seq", "one"));
        send(0, "short", new byte[10], header("opus.seq", "one"));
        decode();
        List<ConsumerRecord<byte[], byte[]>> before = packets();
        setMaxMessageBytes(topics.packets(), 10_000);

        DecantCall call = replay();

        assertThat(call.exitCode()).isEqualTo(UsageException.SOME_FAILED);
        assertThat(call.err()).contains(topics.packets() + "-0@0, cannot be put back: it has up to 20");
        assertRow(call, "MALFORMED_HEADER", 1, 0, 1);
        assertThat(after(before)).singleElement().satisfies(record -> assertThat(record.value())
                .hasSize(10));
    }

    @Test
    void aTopicThatIsMissingIsNamed() {
        DecantCall call = replay("--topic", "nowhere");

        assertThat(call.exitCode()).isEqualTo(UsageException.FAILED);
        assertThat(call.err()).startsWith("decant: packet topic \"nowhere\" does not exist at " + topics.brokers());
    }

    /** What a record says and where it lies; its headers as Kafka compares them. */
    private record Copy(int partition, String key, List<Byte> value, long time, List<Header> headers) {
        static Copy of(ConsumerRecord<byte[], byte[]> record, Header... more) {
            return new Copy(
                    record.partition(),
                    record.key() == null ? null : new String(record.key(), StandardCharsets.ISO_8859_1),
                    record.value() == null ? null : boxed(record.value()),
                    record.timestamp(),
                    Stream.concat(Arrays.stream(record.headers().toArray()), Stream.of(more))
                            .toList());
        }

        private static List<Byte> boxed(byte[] bytes) {
            return IntStream.range(0, bytes.length).mapToObj(i -> bytes[i]).toList();
        }
    }

    private static List<Copy> of(String key, List<Copy> copies) {
        return copies.stream().filter(copy -> key.equals(copy.key())).toList();
    }

    /** Eight records that the job refuses, and some that it does not; each stream where no hash would put them all. */
    private void sendSomeOfWhichAreRefused() {
        List<byte[]> good = TestStream.ofEveryKind().get(0).packets();
        send(2, "alice", good.get(0));
        send(2, "alice", MALFORMED_PACKET, header("opus.final-range", "7"));
        send(2, "alice", good.get(1));
        Header nothing = new RecordHeader("nothing", (byte[]) null);
        send(0, "carol", good.get(2), header("trace", "1"), nothing, header("trace", "2"), header("opus.seq", "one"));
        send(0, "carol", null, header("opus.seq", "two"));
        send(new ProducerRecord<>(topics.packets(), 1, ++time, new byte[] {-1}, good.get(3)));
        send(1, null, good.get(4));
        Header tooManyStreams = header("opus.head", Base64.getEncoder().encodeToString(head(20)));
        for (int i = 0; i < 3; i++) {
            send(2, "bob", good.get(i), tooManyStreams);
        }
        send(2, "alice", null);
    }

    /** An OpusHead of mapping family 255 with so many streams, each a channel (RFC 7845, section 5.1). */
    private static byte[] head(int streams) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(bytes("OpusHead"));
        head.writeBytes(new byte[] {1, (byte) streams, 0, 0, (byte) 0x80, (byte) 0xBB, 0, 0, 0, 0, (byte) 255});
        head.writeBytes(new byte[] {(byte) streams, 0});
        IntStream.range(0, streams).forEach(head::write);
        return head.toByteArray();
    }

    private void send(int partition, String key, byte[] value, Header... headers) {
        send(new ProducerRecord<>(
                topics.packets(), partition, ++time, key == null ? null : bytes(key), value, List.of(headers)));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        sent.add(producer.send(record));
    }

    /** Every record sent so far is in Kafka. */
    private void awaitSent() {
        producer.flush();
        assertThat(sent).allSatisfy(Future::get);
        sent.clear();
    }

    private List<ConsumerRecord<byte[], byte[]>> packets() {
        awaitSent();
        return CommittedRecords.read(topics.brokers(), topics.packets());
    }

    /** The records of the packet topic that came after these. */
    private List<ConsumerRecord<byte[], byte[]>> after(List<ConsumerRecord<byte[], byte[]>> before) {
        Map<Integer, Long> last =
                before.stream().collect(Collectors.toMap(ConsumerRecord::partition, ConsumerRecord::offset, Math::max));
        return packets().stream()
                .filter(record -> record.offset() > last.getOrDefault(record.partition(), -1L))
                .toList();
    }

    /** Runs {@code decant stream} over all that the job has not seen. */
    private void decode(String... arguments) {
        awaitSent();
        List<String> all = new ArrayList<>(List.of("--group", topics.packets()));
        if (!List.of(arguments).contains("--topic")) {
            all.addAll(List.of("--topic", topics.packets()));
        }
        all.addAll(List.of(arguments));
        topics.decode(folder, all.toArray(String[]::new));
    }

    private DecantCall replay(String... arguments) {
        awaitSent();
        return DecantCall.of(replayArguments(arguments).toArray(String[]::new));
    }

    private List<String> replayArguments(String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "replay-dead-letters",
                "--brokers",
                topics.brokers(),
                "--dead-letter-topic",
                topics.deadLetters(),
                "--group",
                replayGroup()));
        all.addAll(List.of(arguments));
        return all;
    }

    private String replayGroup() {
        return topics.packets() + "-replay";
    }

    /**
     * Runs the command in a process of its own, five letters a transaction, and kills it when at least {@code enough}
     * more letters are back and a transaction of it is open that holds letters.
     */
    private void killWithAnOpenTransaction(int enough) throws Exception {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("decant").toString()));
        command.addAll(replayArguments("--kafka.max.poll.records", "5"));
        try (KafkaConsumer<byte[], byte[]> committed = committedPacketsFromNow();
                Admin admin = admin()) {
            Process replay = new ProcessBuilder(command).inheritIO().start();
            try {
                for (int back = 0; back < enough; back += committed.poll(POLL).count()) {
                    assertAlive(replay);
                }
                // What is open while it stands still stays open when it is killed.
                signal("STOP", replay);
                while (!hasLettersInTransaction(admin)) {
                    signal("CONT", replay);
                    assertAlive(replay);
                    signal("STOP", replay);
                }
            } finally {
                replay.destroyForcibly();
            }
            assertThat(replay.waitFor()).as("exit code after SIGKILL").isEqualTo(137);
        }
    }

    private static void assertAlive(Process replay) {
        assertThat(replay.isAlive()).as("it has not ended by itself").isTrue();
    }

    private KafkaConsumer<byte[], byte[]> committedPacketsFromNow() {
        Map<String, Object> properties = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                topics.brokers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = IntStream.range(0, 3)
                .mapToObj(partition -> new TopicPartition(topics.packets(), partition))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Asks the broker now, not with the first poll.
        partitions.forEach(consumer::position);
        return consumer;
    }

    private boolean hasLettersInTransaction(Admin admin) throws Exception {
        String id = "decant-replay@" + replayGroup();
        try {
            TransactionDescription transaction =
                    admin.describeTransactions(List.of(id)).description(id).get();
            return transaction.state() == TransactionState.ONGOING
                    && transaction.topicPartitions().stream()
                            .anyMatch(partition -> partition.topic().equals(topics.packets()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransactionalIdNotFoundException) {
                return false;
            }
            throw e;
        }
    }

    private static void signal(String signal, Process process) throws Exception {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    private static void assertRow(DecantCall call, String reason, long replayed, long passedOver, long unreplayable) {
        assertThat(call.out())
                .containsPattern("(?m)^" + Pattern.quote(reason)
                        + String.format(" +%,d +%,d +%,d$", replayed, passedOver, unreplayable));
    }

    private void createTopic(String name) {
        try (KafkaTopics more = KafkaTopics.connect(topics.brokers(), Map.of())) {
            more.create(name, 2);
        }
    }

    private void setMaxMessageBytes(String topic, int bytes) throws Exception {
        ConfigEntry entry = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(bytes));
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, topics.brokers()));
    }

    private static Header header(String name, String text) {
        return new RecordHeader(name, bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long number(ConsumerRecord<byte[], byte[]> record, String header) {
        return Long.parseLong(new String(record.headers().lastHeader(header).value(), StandardCharsets.UTF_8));
    }
}
