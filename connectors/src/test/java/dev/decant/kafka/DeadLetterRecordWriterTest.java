package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.DeadLetter.Stage;
import dev.decant.audio.PacketOrigin;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema.KafkaSinkContext;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
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
                        Map.entry("decant.reason", "MALFORMED_KEY")));
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

    private static DeadLetter letter(byte[] key, byte[] value, String message) {
        return new DeadLetter(
                key,
                value,
                List.of(),
                new PacketOrigin("päckchen", 3, 42, 7),
                Stage.READ,
                Reason.MALFORMED_KEY,
                message);
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
