package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.DeadLetter.Stage;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.rtp.RtpSettings;
import dev.decant.rtp.RtpSettings.SeveralSsrcs;
import dev.decant.rtp.RtpWriter;
import dev.decant.rtp.RtpWriter.Copy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.types.Either;
import org.apache.flink.util.InstantiationUtil;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RtpRecordReaderTest {
    private static final PacketOrigin ORIGIN = new PacketOrigin("packets", 3, 42, 1_700_000_000_000L);
    private static final byte[] OPUS = {(byte) 0xFC, 1, 2};
    private static final byte[] OLDER = {(byte) 0xFC, 3};
    private static final RtpWriter WRITER = new RtpWriter(0xDEADBEEFL, 111);

    @Test
    void readsEveryPacketOfARecord() throws Exception {
        byte[] record = WRITER.red(7, 9_600, OPUS, new Copy(960, OLDER));

        List<OpusPacket> packets = packets(SeveralSsrcs.REFUSE, record("alice", record, new RecordHeaders()));

        assertThat(packets).extracting(OpusPacket::payload).containsExactly(OLDER, OPUS);
        assertThat(packets).extracting(OpusPacket::sequenceNumber).containsExactly(6L, 7L);
        assertThat(packets).allSatisfy(packet -> {
            assertThat(packet.streamId()).isEqualTo("alice");
            assertThat(packet.origin()).isEqualTo(ORIGIN);
        });
        assertThat(packets.get(0).rtp().record()).as("of a copy").isEmpty();
        assertThat(packets.get(1).rtp().record()).isSameAs(record);
    }

    @Test
    void takesHeadAndLinkFromTheHeadersAndNumberAndTimeFromRtp() throws Exception {
        OpusHead head = OpusHead.of(1, 312, -256);
        Headers headers = new RecordHeaders()
                .add("opus.head", Base64.getEncoder().encode(head.toBytes()))
                .add("opus.link", utf8("3"))
                .add("opus.seq", utf8("1000000"))
                .add("opus.timestamp", utf8("not even a number"))
                .add("opus.trim-start", utf8("5"));

        OpusPacket packet = packets(SeveralSsrcs.REFUSE, record("alice", WRITER.packet(7, 960, OPUS), headers))
                .get(0);

        assertThat(packet.head()).isEqualTo(head);
        assertThat(packet.link()).isEqualTo(3);
        assertThat(packet.sequenceNumber()).isEqualTo(7);
        assertThat(packet.timestamp()).isEqualTo(960);
        assertThat(packet.trimStart()).isZero();
    }

    @Test
    void rtcpGivesNeitherAPacketNorADeadLetter() throws Exception {
        byte[] receiverReport = {(byte) 0x80, (byte) 201, 0, 1, 0, 0, 0, 7};

        assertThat(read(SeveralSsrcs.REFUSE, record("alice", receiverReport, new RecordHeaders())))
                .isEmpty();
    }

    @Test
    void whatIsNoRtpPacketGoesToTheDeadLettersAsItCame() throws Exception {
        for (byte[] value : List.of(new byte[0], OPUS, new byte[70_000])) {
            ConsumerRecord<byte[], byte[]> record =
                    record("alice", value, new RecordHeaders().add("traceparent", utf8("x")));

            DeadLetter letter = letter(SeveralSsrcs.REFUSE, record);

            assertThat(letter.reason()).isEqualTo(Reason.MALFORMED_RTP);
            assertThat(letter.stage()).isEqualTo(Stage.READ);
            assertThat(letter.message()).startsWith("the record has " + value.length + " bytes");
            assertThat(letter.key()).isSameAs(record.key());
            assertThat(letter.value()).isSameAs(value);
            assertThat(letter.headers()).extracting("name").containsExactly("traceparent");
            assertThat(letter.origin()).isEqualTo(ORIGIN);
        }
    }

    @Test
    void keysAndHeadersAreHeldToTheContract() throws Exception {
        byte[] value = WRITER.packet(7, 960, OPUS);

        assertThat(letter(SeveralSsrcs.REFUSE, record(null, value, new RecordHeaders()))
                        .reason())
                .isEqualTo(Reason.MALFORMED_KEY);
        for (String name : List.of("opus.head", "opus.link")) {
            DeadLetter letter =
                    letter(SeveralSsrcs.REFUSE, record("alice", value, new RecordHeaders().add(name, utf8("*"))));
            assertThat(letter.reason()).isEqualTo(Reason.MALFORMED_HEADER);
            assertThat(letter.message()).startsWith("header " + name + " holds ");
        }
    }

    @Test
    void aNullValueEndsTheStream() throws Exception {
        assertThat(packets(SeveralSsrcs.REFUSE, record("alice", null, new RecordHeaders())))
                .containsExactly(OpusPacket.end("alice", ORIGIN));
    }

    @Test
    void whereSsrcsAreSplitEachIsAStreamOfItsOwn() throws Exception {
        byte[] other = new RtpWriter(1, 111).packet(7, 960, OPUS);

        OpusPacket first = packets(
                        SeveralSsrcs.SPLIT, record("alice", WRITER.packet(7, 960, OPUS), new RecordHeaders()))
                .get(0);
        OpusPacket second = packets(SeveralSsrcs.SPLIT, record("alice", other, new RecordHeaders()))
                .get(0);

        assertThat(first.streamId()).isEqualTo("alice.ssrc-3735928559");
        assertThat(second.streamId()).isEqualTo("alice.ssrc-1");
    }

    @Test
    void whereSsrcsAreSplitANullValueSaysWhichOfThemEnds() throws Exception {
        ConsumerRecord<byte[], byte[]> end = received(PacketProducer.endRecord("packets", "alice", 0xDEADBEEFL));
        assertThat(end.key()).isEqualTo(utf8("alice"));
        assertThat(end.value()).isNull();
        assertThat(packets(SeveralSsrcs.SPLIT, end)).containsExactly(OpusPacket.end("alice.ssrc-3735928559", ORIGIN));

        DeadLetter unnamed = letter(SeveralSsrcs.SPLIT, record("alice", null, new RecordHeaders()));
        assertThat(unnamed.reason()).isEqualTo(Reason.MALFORMED_HEADER);
        assertThat(unnamed.message()).contains("no header rtp.ssrc");
        for (String malformed : List.of("-1", "4294967296", "0xDEADBEEF", "")) {
            assertThat(letter(
                                    SeveralSsrcs.SPLIT,
                                    record("alice", null, new RecordHeaders().add("rtp.ssrc", utf8(malformed))))
                            .message())
                    .startsWith("header rtp.ssrc holds ");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PacketProducer.endRecord("packets", "alice", 1L << 32))
                .withMessageContaining("4294967296");
    }

    @Test
    void aStreamIdThatIsTooLongWithItsSsrcIsRefused() throws Exception {
        byte[] value = WRITER.packet(7, 960, OPUS);
        String suffix = ".ssrc-3735928559";

        for (String longest : List.of("x".repeat(512 - suffix.length()), "é".repeat((512 - suffix.length()) / 2))) {
            assertThat(packets(SeveralSsrcs.SPLIT, record(longest, value, new RecordHeaders())))
                    .extracting(OpusPacket::streamId)
                    .containsExactly(longest + suffix);
            DeadLetter letter = letter(SeveralSsrcs.SPLIT, record(longest + "x", value, new RecordHeaders()));
            assertThat(letter.reason()).isEqualTo(Reason.MALFORMED_KEY);
            assertThat(letter.message()).contains("with its SSRC the stream ID has 513 bytes");
            assertThat(letter.key()).isEqualTo(utf8(longest + "x"));
            DeadLetter end = letter(
                    SeveralSsrcs.SPLIT, received(PacketProducer.endRecord("packets", longest + "x", 0xDEADBEEFL)));
            assertThat(end.reason()).isEqualTo(Reason.MALFORMED_KEY);
        }
    }

    @Test
    void aPacketThatIsSentAgainIsReadAsItWas() throws Exception {
        Headers headers = new RecordHeaders()
                .add(
                        "opus.head",
                        Base64.getEncoder().encode(OpusHead.of(1, 0, 7).toBytes()))
                .add("opus.link", utf8("3"));
        byte[] value = WRITER.red(7, 9_600, OPUS, new Copy(960, OLDER));
        for (SeveralSsrcs severalSsrcs : SeveralSsrcs.values()) {
            List<OpusPacket> packets = packets(severalSsrcs, record("alice", value, headers));

            OpusPacket packet = packets.get(1);
            assertThat(packets(severalSsrcs, received(PacketProducer.record("packets", packet))))
                    .usingRecursiveComparison()
                    .isEqualTo(packets);
            DeadLetter letter = DeadLetter.of(packet, Stage.SEQUENCE, Reason.LATE_PACKET, "late");
            assertThat(letter.key()).isEqualTo(utf8("alice"));
            assertThat(letter.value()).isSameAs(value);
            assertThat(letter.headers()).extracting("name").containsExactly("opus.head", "opus.link");
        }
    }

    private static List<OpusPacket> packets(SeveralSsrcs severalSsrcs, ConsumerRecord<byte[], byte[]> record)
            throws Exception {
        return read(severalSsrcs, record).stream()
                .map(read -> {
                    assertThat(read.isRight()).as(read.toString()).isTrue();
                    return read.right();
                })
                .toList();
    }

    private static DeadLetter letter(SeveralSsrcs severalSsrcs, ConsumerRecord<byte[], byte[]> record)
            throws Exception {
        List<Either<DeadLetter, OpusPacket>> read = read(severalSsrcs, record);
        assertThat(read).hasSize(1);
        assertThat(read.get(0).isLeft()).as(read.toString()).isTrue();
        return read.get(0).left();
    }

    /** Reads as a task does, to which the reader came with the job. */
    private static List<Either<DeadLetter, OpusPacket>> read(
            SeveralSsrcs severalSsrcs, ConsumerRecord<byte[], byte[]> record) throws Exception {
        RtpRecordReader reader =
                InstantiationUtil.clone(new RtpRecordReader(new RtpSettings(List.of(111), List.of(63), severalSsrcs)));
        reader.open(new Task());
        List<Either<DeadLetter, OpusPacket>> read = new ArrayList<>();
        reader.deserialize(record, new ListCollector<>(read));
        return read;
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                ORIGIN.source(),
                ORIGIN.partition(),
                ORIGIN.offset(),
                ORIGIN.recordTime(),
                TimestampType.CREATE_TIME,
                -1,
                -1,
                key == null ? null : utf8(key),
                value,
                headers,
                Optional.empty());
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
        return record(new String(sent.key(), StandardCharsets.UTF_8), sent.value(), sent.headers());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What a source's task offers to a reader of records. */
    private static final class Task implements InitializationContext {
        @Override
        public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
        }

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            return SimpleUserCodeClassLoader.create(getClass().getClassLoader());
        }
    }
}
