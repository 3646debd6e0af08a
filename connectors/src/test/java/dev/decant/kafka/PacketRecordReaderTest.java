package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.DeadLetter.Stage;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.flink.types.Either;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketRecordReaderTest {
    private static final byte[] KEY = utf8("caller");
    private static final byte[] PAYLOAD = {(byte) 0xFC, 1, 2};

    private final PacketRecordReader reader = new PacketRecordReader();

    @BeforeEach
    void open() {
        reader.open(null);
    }

    @Test
    void readsARecordOfKeyAndValueOnly() {
        OpusPacket packet = packet(record(KEY, PAYLOAD, new RecordHeaders()));

        assertThat(packet)
                .isEqualTo(OpusPacket.plain("caller", PAYLOAD, new PacketOrigin("packets", 3, 42, 1_700_000_000_000L)));
    }

    @Test
    void readsEveryHeader() {
        OpusHead head = OpusHead.of(2, 312, -256);
        Headers headers = new RecordHeaders()
                .add("opus.seq", utf8("-7"))
                .add("opus.timestamp", utf8("9223372036854775807"))
                .add("opus.head", Base64.getEncoder().encode(head.toBytes()))
                .add("opus.link", utf8("2"))
                .add("opus.trim-start", utf8("120"))
                .add("opus.trim-end", utf8("0240"))
                .add("opus.final-range", utf8("4294967295"));

        OpusPacket packet = packet(record(KEY, PAYLOAD, headers));

        assertThat(packet.sequenceNumber()).isEqualTo(-7);
        assertThat(packet.timestamp()).isEqualTo(Long.MAX_VALUE);
        assertThat(packet.head()).isEqualTo(head);
        assertThat(packet.link()).isEqualTo(2);
        assertThat(packet.trimStart()).isEqualTo(120);
        assertThat(packet.trimEnd()).isEqualTo(240);
        assertThat(packet.finalRange()).isEqualTo(0xFFFF_FFFFL);
    }

    @Test
    void readsWhatPacketProducerWrites() {
        PacketOrigin origin = new PacketOrigin("packets", 3, 42, 1_700_000_000_000L);
        OpusPacket sent = new OpusPacket(
                "Zoë ☎ 𝄞", PAYLOAD, -Long.MAX_VALUE, 960, OpusHead.of(1, 3840, 77), 5, 1, 2_147_483_647, 0, origin);

        assertThat(packet(received(PacketProducer.record("packets", sent)))).isEqualTo(sent);
        assertThat(packet(received(PacketProducer.record("packets", OpusPacket.plain("s", PAYLOAD, origin)))))
                .isEqualTo(OpusPacket.plain("s", PAYLOAD, origin));
    }

    @Test
    void readsANullValueAsTheEndOfTheStream() {
        Headers headers = new RecordHeaders().add("opus.seq", utf8("9"));

        OpusPacket packet = packet(record(KEY, null, headers));

        assertThat(packet.endsStream()).isTrue();
        assertThat(packet.sequenceNumber()).isEqualTo(9);
    }

    @Test
    void readsAnEmptyValueAsALostPacket() {
        assertThat(packet(record(KEY, new byte[0], new RecordHeaders())).isLost())
                .isTrue();
    }

    @Test
    void ignoresHeadersThatAreNotOurs() {
        Headers headers =
                new RecordHeaders().add("traceparent", new byte[] {-1}).add("opus.sequence", utf8("x"));

        assertThat(packet(record(KEY, PAYLOAD, headers)).sequenceNumber()).isEqualTo(OpusPacket.ABSENT);
    }

    @Test
    void takesTheLastHeaderOfAName() {
        Headers headers =
                new RecordHeaders().add("opus.seq", utf8("not a number")).add("opus.seq", utf8("12"));

        assertThat(packet(record(KEY, PAYLOAD, headers)).sequenceNumber()).isEqualTo(12);
    }

    @Test
    void takesKeysFrom1To512BytesOfUtf8() {
        for (String streamId : new String[] {"s", "ß", "x".repeat(512), "€".repeat(170) + "ab"}) {
            assertThat(packet(record(utf8(streamId), PAYLOAD, new RecordHeaders()))
                            .streamId())
                    .isEqualTo(streamId);
        }
    }

    @Test
    void refusesWhatIsNoKey() {
        assertThat(letter(record(null, PAYLOAD, new RecordHeaders())).message()).contains("no key");
        assertThat(letter(record(new byte[0], PAYLOAD, new RecordHeaders())).message())
                .contains("no key");
        assertThat(letter(record(new byte[513], PAYLOAD, new RecordHeaders())).message())
                .contains("513 bytes");
        assertThat(letter(record(new byte[513], PAYLOAD, new RecordHeaders())).reason())
                .isEqualTo(Reason.MALFORMED_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "61c3", "c0af", "eda080", "f4908080", "e282", "80"})
    void refusesKeysThatAreNotUtf8(String hex) {
        byte[] key = HexFormat.of().parseHex(hex);

        DeadLetter letter = letter(record(key, PAYLOAD, new RecordHeaders()));

        assertThat(letter.reason()).isEqualTo(Reason.MALFORMED_KEY);
        assertThat(letter.message()).contains("not UTF-8");
        assertThat(letter.key()).isSameAs(key);
    }

    @ParameterizedTest
    @CsvSource({
        "opus.seq, ''",
        "opus.seq, -",
        "opus.seq, +1",
        "opus.seq, ' 1'",
        "opus.seq, '1 '",
        "opus.seq, 1.0",
        "opus.seq, 0x10",
        "opus.seq, ١",
        "opus.seq, 9223372036854775808",
        "opus.seq, -9223372036854775808",
        "opus.seq, 99999999999999999999",
        "opus.timestamp, 12:30",
        "opus.link, first",
        "opus.trim-start, -1",
        "opus.trim-start, 2147483648",
        "opus.trim-end, -1",
        "opus.trim-end, 2147483648",
        "opus.final-range, -1",
        "opus.final-range, 4294967296",
        "opus.head, T3B1c0hlYWQ",
        "opus.head, T3B1c0hlYWQB*",
        "opus.head, ''",
        "opus.head, RnVzc0hlYWQBAjgBgLsAAAAAAA==",
    })
    void refusesMalformedHeadersAndNamesThem(String name, String value) {
        Headers headers = new RecordHeaders().add(name, utf8(value));

        DeadLetter letter = letter(record(KEY, PAYLOAD, headers));

        assertThat(letter.reason()).isEqualTo(Reason.MALFORMED_HEADER);
        assertThat(letter.message()).startsWith("header " + name + " holds ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "opus.seq",
                "opus.timestamp",
                "opus.head",
                "opus.link",
                "opus.trim-start",
                "opus.trim-end",
                "opus.final-range"
            })
    void refusesHeadersWithoutAValue(String name) {
        DeadLetter letter = letter(record(KEY, PAYLOAD, new RecordHeaders().add(name, null)));

        assertThat(letter.message()).startsWith("header " + name + " holds null");
    }

    @Test
    void keepsMessagesShortAndHarmless() {
        Headers headers = new RecordHeaders().add("opus.seq", utf8("\u001b[31m\n" + "9".repeat(100_000)));

        assertThat(letter(record(KEY, PAYLOAD, headers)).message())
                .hasSizeLessThan(200)
                .doesNotContain("\n", "\u001b");
    }

    @Test
    void refusesPacketsThatNoEncoderMakes() {
        byte[] oneStream = new byte[61_440];
        byte[] tooLong = new byte[61_441];
        Headers head = new RecordHeaders()
                .add(
                        "opus.head",
                        Base64.getEncoder().encode(OpusHead.of(2, 0, 0).toBytes()));

        assertThat(packet(record(KEY, oneStream, head)).payload()).isSameAs(oneStream);
        assertThat(packet(record(KEY, tooLong, new RecordHeaders())).payload()).isSameAs(tooLong);
        DeadLetter letter = letter(record(KEY, tooLong, head));
        assertThat(letter.reason()).isEqualTo(Reason.PACKET_TOO_LARGE);
        assertThat(letter.message()).contains("61441 bytes", "at most 61440");
        assertThat(letter(record(KEY, new byte[255 * 61_440 + 1], new RecordHeaders()))
                        .reason())
                .isEqualTo(Reason.PACKET_TOO_LARGE);
    }

    @Test
    void keepsWhatADeadLetterCameWith() {
        DeadLetter letter = letter(record(KEY, PAYLOAD, new RecordHeaders().add("opus.seq", utf8("x"))));

        assertThat(letter.key()).isSameAs(KEY);
        assertThat(letter.value()).isSameAs(PAYLOAD);
        assertThat(letter.stage()).isEqualTo(Stage.READ);
        assertThat(letter.origin()).isEqualTo(new PacketOrigin("packets", 3, 42, 1_700_000_000_000L));
    }

    @Test
    void parsesAHeadOnceAndKeepsBoundedMany() throws MalformedRecordException {
        OpusHeadCache cache = new OpusHeadCache();
        byte[] usual = Base64.getEncoder().encode(OpusHead.of(2, 312, 0).toBytes());
        OpusHead first = cache.read(new RecordHeaders().add("opus.head", usual).lastHeader("opus.head"));

        for (int preSkip = 0; preSkip < 2 * OpusHeadCache.MAX_ENTRIES; preSkip++) {
            byte[] other = Base64.getEncoder().encode(OpusHead.of(1, preSkip, 0).toBytes());
            cache.read(new RecordHeaders().add("opus.head", other).lastHeader("opus.head"));
            OpusHead again = cache.read(
                    new RecordHeaders().add("opus.head", usual.clone()).lastHeader("opus.head"));
            assertThat(again).isSameAs(first);
        }
        assertThat(cache.size()).isEqualTo(OpusHeadCache.MAX_ENTRIES);
    }

    @Test
    void doesNotKeepLongHeads() throws MalformedRecordException {
        OpusHeadCache cache = new OpusHeadCache();
        byte[] padded = Arrays.copyOf(OpusHead.of(2, 312, 0).toBytes(), 10_000);
        Headers headers =
                new RecordHeaders().add("opus.head", Base64.getEncoder().encode(padded));

        assertThat(cache.read(headers.lastHeader("opus.head")).preSkip()).isEqualTo(312);
        assertThat(cache.size()).isZero();
    }

    private OpusPacket packet(ConsumerRecord<byte[], byte[]> record) {
        Either<DeadLetter, OpusPacket> read = reader.read(record);
        assertThat(read.isRight()).as(read.toString()).isTrue();
        return read.right();
    }

    private DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
        Either<DeadLetter, OpusPacket> read = reader.read(record);
        assertThat(read.isLeft()).as(read.toString()).isTrue();
        return read.left();
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                "packets",
                3,
                42,
                1_700_000_000_000L,
                TimestampType.CREATE_TIME,
                key == null ? -1 : key.length,
                value == null ? -1 : value.length,
                key,
                value,
                headers,
                Optional.empty());
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
        assertThat(sent.topic()).isEqualTo("packets");
        assertThat(sent.partition()).isNull();
        assertThat(sent.timestamp()).isEqualTo(1_700_000_000_000L);
        return record(sent.key(), sent.value(), sent.headers());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
