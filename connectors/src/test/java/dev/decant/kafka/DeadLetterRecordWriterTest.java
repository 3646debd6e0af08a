package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.CarrierHeader;
import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.DeadLetter.Stage;
import dev.decant.audio.PacketOrigin;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema.KafkaSinkContext;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.Test;

class DeadLetterRecordWriterTest {
    private static final int MAX_RECORD_BYTES = 20_000;
    private static final KafkaSinkContext SUBTASK_5 = new Subtask(5);

    private final DeadLetterRecordWriter writer = new DeadLetterRecordWriter("dead", MAX_RECORD_BYTES);

    @Test
    void writesKeyAndValueAsTheyCameAndConnectsHeaders() {
        byte[] key = {-1, 0};
        byte[] value = {1, 2, 3};

        ProducerRecord<byte[], byte[]> record =
                writer.serialize(letter(key, value, "the key is not UTF-8"), SUBTASK_5, 9L);

        assertThat(record.topic()).isEqualTo("dead");
        assertThat(record.timestamp()).isNull();
        assertThat(record.key()).isSameAs(key);
        assertThat(record.value()).isSameAs(value);
        assertThat(texts(record))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("__connect.errors.topic", "päckchen"),
                        Map.entry("__connect.errors.partition", "3"),
                        Map.entry("__connect.errors.offset", "42"),
                        Map.entry("__connect.errors.connector.name", "decant"),
                        Map.entry("__connect.errors.task.id", "5"),
                        Map.entry("__connect.errors.stage", "READ"),
                        Map.entry("__connect.errors.class.name", "dev.decant.audio.DeadLetter.Stage.READ"),
                        Map.entry(
                                "__connect.errors.exception.class.name",
                                "dev.decant.audio.DeadLetter.Reason.MALFORMED_KEY"),
                        Map.entry("__connect.errors.exception.message", "the key is not UTF-8"),
                        Map.entry("decant.reason", "MALFORMED_KEY"),
                        Map.entry("decant.record-time", "7")));
    }

    @Test
    void writesTheHeadersThatCameBeforeThose() {
        List<CarrierHeader> came = List.of(
                header("trace", "1"),
                new CarrierHeader("nothing", null),
                header("trace", "2"),
                header("opus.seq", "one"));

        ProducerRecord<byte[], byte[]> record = writer.serialize(letter(null, null, came, "no key"), SUBTASK_5, null);

        Header[] headers = record.headers().toArray();
        assertThat(Arrays.copyOf(headers, 4))
                .containsExactly(
                        new RecordHeader("trace", new byte[] {'1'}),
                        new RecordHeader("nothing", null),
                        new RecordHeader("trace", new byte[] {'2'}),
                        new RecordHeader("opus.seq", new byte[] {'o', 'n', 'e'}));
        assertThat(headers[4].key()).isEqualTo("__connect.errors.topic");
    }

    @Test
    void saysWhyARecordFailedLastAndHowOftenItWasReplayed() {
        List<CarrierHeader> came = List.of(
                header("__connect.errors.topic", "elsewhere"),
                header("__connect.errors.exception.stacktrace", "at"),
                header("decant.reason", "REJECTED_BY_DECODER"),
                header("decant.record-time", "1"),
                header("decant.key-bytes", "1"),
                header("decant.value-bytes", "1"),
                header("decant.headers-left-out", "1"),
                header("decant.replays", "2"));

        ProducerRecord<byte[], byte[]> record = writer.serialize(letter(null, null, came, "no key"), SUBTASK_5, null);

        assertThat(texts(record))
                .containsEntry("__connect.errors.topic", "päckchen")
                .containsEntry("decant.reason", "MALFORMED_KEY")
                .containsEntry("decant.record-time", "7")
                .containsEntry("decant.replays", "2")
                .doesNotContainKeys(
                        "__connect.errors.exception.stacktrace",
                        "decant.key-bytes",
                        "decant.value-bytes",
                        "decant.headers-left-out");
    }

    @Test
    void leavesOutTheLastHeadersWhereTheyAreTooMany() {
        List<CarrierHeader> came = IntStream.range(0, 100_000)
                .mapToObj(i -> header("h", Integer.toString(i)))
                .toList();
        byte[] key = {7};
        byte[] value = new byte[1_275];

        ProducerRecord<byte[], byte[]> record = writer.serialize(letter(key, value, came, "many"), SUBTASK_5, null);

        assertThat(record.key()).isSameAs(key);
        assertThat(record.value()).isSameAs(value);
        int kept = 0;
        for (Header header : record.headers().headers("h")) {
            assertThat(new String(header.value(), StandardCharsets.UTF_8)).isEqualTo(Integer.toString(kept++));
        }
        assertThat(kept).isGreaterThan(1_000);
        assertThat(texts(record)).containsEntry("decant.headers-left-out", Integer.toString(100_000 - kept));
        assertThat(bytesOnTheWire(record)).isLessThanOrEqualTo(MAX_RECORD_BYTES);
    }

    @Test
    void leavesOutAHeaderOfAMegabyteAndAllAfterIt() {
        for (CarrierHeader huge :
                List.of(new CarrierHeader("huge", new byte[1_000_000]), new CarrierHeader("☎".repeat(300_000), null))) {
            List<CarrierHeader> came = List.of(header("first", "1"), huge, header("last", "3"));

            ProducerRecord<byte[], byte[]> record =
                    writer.serialize(letter(new byte[] {7}, new byte[] {8}, came, "huge"), SUBTASK_5, null);

            assertThat(record.key()).containsExactly(7);
            assertThat(record.value()).containsExactly(8);
            assertThat(texts(record))
                    .containsEntry("first", "1")
                    .containsEntry("decant.headers-left-out", "2")
                    .doesNotContainKeys(huge.name(), "last");
            assertThat(bytesOnTheWire(record)).isLessThanOrEqualTo(MAX_RECORD_BYTES);
        }
    }

    @Test
    void keepsTheLimitWhateverComes() {
        Random random = new Random(4);
        for (int i = 0; i < 2_000; i++) {
            List<CarrierHeader> came = IntStream.range(0, random.nextInt(20))
                    .mapToObj(header -> new CarrierHeader(
                            "ä".repeat(random.nextInt(1_500)),
                            random.nextInt(4) == 0 ? null : new byte[random.nextInt(3_000)]))
                    .toList();
            byte[] key = random.nextInt(4) == 0 ? null : new byte[random.nextInt(25_000)];
            byte[] value = random.nextInt(4) == 0 ? null : new byte[random.nextInt(25_000)];

            ProducerRecord<byte[], byte[]> record =
                    writer.serialize(letter(key, value, came, "☎".repeat(random.nextInt(3_000))), SUBTASK_5, null);

            assertThat(bytesOnTheWire(record)).isLessThanOrEqualTo(MAX_RECORD_BYTES);
        }
    }

    @Test
    void writesNullKeysAndValues() {
        ProducerRecord<byte[], byte[]> record = writer.serialize(letter(null, null, "no key"), SUBTASK_5, null);

        assertThat(record.key()).isNull();
        assertThat(record.value()).isNull();
    }

    @Test
    void cutsAValueThatTheTopicWouldNotTakeAndSaysSo() {
        byte[] key = {7};
        byte[] value = new byte[MAX_RECORD_BYTES];
        Arrays.fill(value, (byte) 9);

        ProducerRecord<byte[], byte[]> record = writer.serialize(letter(key, value, "too long"), SUBTASK_5, null);

        assertThat(record.key()).isEqualTo(key);
        assertThat(record.value()).isEqualTo(Arrays.copyOf(value, record.value().length));
        assertThat(record.value()).hasSizeGreaterThan(MAX_RECORD_BYTES - 1_500);
        assertThat(texts(record)).containsEntry("decant.value-bytes", "20000").doesNotContainKey("decant.key-bytes");
        assertThat(bytesOnTheWire(record)).isLessThanOrEqualTo(MAX_RECORD_BYTES);
    }

    @Test
    void cutsKeyAndMessageToo() {
        byte[] long1 = new byte[3_000_000];

        ProducerRecord<byte[], byte[]> record =
                writer.serialize(letter(long1, long1, "☎".repeat(20_000)), SUBTASK_5, null);

        assertThat(record.key()).hasSizeGreaterThan(10_000);
        assertThat(record.value()).isEmpty();
        assertThat(texts(record))
                .containsEntry("decant.key-bytes", "3000000")
                .containsEntry("decant.value-bytes", "3000000");
        assertThat(bytesOnTheWire(record)).isLessThanOrEqualTo(MAX_RECORD_BYTES);
    }

    /** What the producer compares with max.request.size. */
    private static int bytesOnTheWire(ProducerRecord<byte[], byte[]> record) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                Compression.NONE.type(),
                record.key(),
                record.value(),
                record.headers().toArray());
    }

    private static CarrierHeader header(String name, String text) {
        return new CarrierHeader(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static DeadLetter letter(byte[] key, byte[] value, String message) {
        return letter(key, value, List.of(), message);
    }

    private static DeadLetter letter(byte[] key, byte[] value, List<CarrierHeader> headers, String message) {
        return new DeadLetter(
                key, value, headers, new PacketOrigin("päckchen", 3, 42, 7), Stage.READ, Reason.MALFORMED_KEY, message);
    }

    private static Map<String, String> texts(ProducerRecord<byte[], byte[]> record) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            texts.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private record Subtask(int getParallelInstanceId) implements KafkaSinkContext {
        @Override
        public int getNumberOfParallelInstances() {
            return 8;
        }

        @Override
        public int[] getPartitionsForTopic(String topic) {
            return new int[] {0};
        }
    }
}
