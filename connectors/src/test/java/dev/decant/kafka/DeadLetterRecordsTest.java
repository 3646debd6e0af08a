package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.decant.audio.CarrierHeader;
import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.DeadLetter.Stage;
import dev.decant.audio.PacketOrigin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema.KafkaSinkContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterRecordsTest {
    private static final PacketOrigin ORIGIN = new PacketOrigin("packets", 3, 42, 1_700_000_000_000L);

    private final DeadLetterRecordWriter writer = new DeadLetterRecordWriter("dead", 20_000);

    @ParameterizedTest
    @EnumSource(Reason.class)
    void readsWhatIsWrittenForEveryReason(Reason reason) {
        DeadLetter letter = new DeadLetter(
                "Zoë".getBytes(StandardCharsets.UTF_8),
                new byte[] {1, 2},
                List.of(
                        new CarrierHeader("trace", new byte[] {-1}),
                        new CarrierHeader("nothing", null),
                        new CarrierHeader("trace", new byte[0]),
                        new CarrierHeader("decant.replays", new byte[] {'3'})),
                ORIGIN,
                Stage.SEQUENCE,
                reason,
                "bröken");

        assertThat(DeadLetterRecords.read(written(letter)))
                .usingRecursiveComparison()
                .isEqualTo(letter);
        assertThat(DeadLetterRecords.missing(written(letter))).isEmpty();
    }

    @Test
    void readsNullsAndARecordWithoutATime() {
        DeadLetter letter = new DeadLetter(
                null,
                null,
                List.of(),
                new PacketOrigin("packets", 0, 0, PacketOrigin.NO_TIME),
                Stage.READ,
                Reason.MALFORMED_KEY,
                "no key");

        assertThat(DeadLetterRecords.read(written(letter)))
                .usingRecursiveComparison()
                .isEqualTo(letter);
    }

    @Test
    void saysWhatWasCut() {
        byte[] tooLong = new byte[30_000];
        CarrierHeader huge = new CarrierHeader("huge", tooLong);

        assertThat(DeadLetterRecords.missing(written(letter(new byte[1], tooLong, List.of()))))
                .get()
                .asString()
                .matches("its value is cut to \\d{5} of 30000 bytes");
        assertThat(DeadLetterRecords.missing(written(letter(tooLong, new byte[1], List.of(huge)))))
                .get()
                .asString()
                .matches("its key is cut to \\d{5} of 30000 bytes, its value is cut to 0 of 1 bytes,"
                        + " the last 1 of its headers are left out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__connect.errors.topic",
                "__connect.errors.partition",
                "__connect.errors.offset",
                "__connect.errors.stage",
                "__connect.errors.exception.message",
                "decant.reason"
            })
    void refusesARecordWithoutOneOfItsHeaders(String name) {
        ConsumerRecord<byte[], byte[]> record = written(letter(null, null, List.of()));
        record.headers().remove(name);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeadLetterRecords.read(record))
                .withMessage("record dead-1@7: header " + name + " is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "__connect.errors.partition,-1",
        "__connect.errors.partition,2147483648",
        "__connect.errors.offset,first",
        "__connect.errors.stage,SLEEP",
        "decant.reason,malformed_key",
        "decant.record-time,-1",
    })
    void refusesARecordThatBreaksTheContract(String name, String value) {
        ConsumerRecord<byte[], byte[]> record = written(letter(null, null, List.of()));
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeadLetterRecords.read(record))
                .withMessageStartingWith("record dead-1@7: header " + name + " holds \"" + value + "\": take ");
    }

    @Test
    void refusesAHeaderThatIsNull() {
        ConsumerRecord<byte[], byte[]> record = written(letter(null, null, List.of()));
        record.headers().add("decant.reason", null);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeadLetterRecords.read(record))
                .withMessage("record dead-1@7: header decant.reason is null");
    }

    @Test
    void refusesALengthThatIsNone() {
        ConsumerRecord<byte[], byte[]> record = written(letter(null, null, List.of()));
        record.headers().add("decant.value-bytes", new byte[] {'?'});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeadLetterRecords.missing(record))
                .withMessageStartingWith("record dead-1@7: header decant.value-bytes holds \"?\": take ");
    }

    private static DeadLetter letter(byte[] key, byte[] value, List<CarrierHeader> headers) {
        return new DeadLetter(key, value, headers, ORIGIN, Stage.READ, Reason.MALFORMED_KEY, "why");
    }

    private ConsumerRecord<byte[], byte[]> written(DeadLetter letter) {
        ProducerRecord<byte[], byte[]> record = writer.serialize(letter, new FirstSubtask(), null);
        return new ConsumerRecord<>(
                record.topic(),
                1,
                7,
                0,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                record.key(),
                record.value(),
                new RecordHeaders(record.headers()),
                Optional.empty());
    }

    private record FirstSubtask() implements KafkaSinkContext {
        @Override
        public int getParallelInstanceId() {
            return 0;
        }

        @Override
        public int getNumberOfParallelInstances() {
            return 1;
        }

        @Override
        public int[] getPartitionsForTopic(String topic) {
            return new int[] {0};
        }
    }
}
