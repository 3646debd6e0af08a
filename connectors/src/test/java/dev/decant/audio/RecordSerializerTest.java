package dev.decant.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.DeadLetter.Stage;
import dev.decant.audio.PcmChunk.Run;
import dev.decant.audio.PcmFrame.Outcome;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes of version 1 stay readable, and are written the same, for as long as there is a version 1. */
class RecordSerializerTest {
    private static final PacketOrigin ORIGIN = new PacketOrigin("packets", 3, 77, 1_700_000_000_000L);
    private static final String ORIGIN_HEX = "08 7061636b657473 00000003 000000000000004d 0000018bcfe56800";
    private static final DeadLetter LETTER = new DeadLetter(
            new byte[] {'k'}, new byte[] {1, 2}, List.of(), ORIGIN, Stage.SEQUENCE, Reason.MALFORMED_PACKET, "bröken");

    private static final String FULL_PACKET_VERSION_1 =
            "01 05 636166e901 00000003 fc0102 0000000000000009 00000000000003c0"
                    + "00000013 4f70757348656164 01 02 3801 00000000 00ff 00"
                    + "0000000000000001 00000078 000000f0 00000000ffffffff" + ORIGIN_HEX;
    private static final String PLAIN_PACKET_VERSION_1 =
            "01 02 73 00000001 08 8000000000000000 8000000000000000 ffffffff"
                    + "8000000000000000 00000000 00000000 8000000000000000" + ORIGIN_HEX;
    private static final String LOST_PACKET_VERSION_1 = "01 02 73 00000000 8000000000000000 8000000000000000 ffffffff"
            + "8000000000000000 00000000 00000000 8000000000000000" + ORIGIN_HEX;
    private static final String END_PACKET_VERSION_1 = "01 02 73 ffffffff 8000000000000000 8000000000000000 ffffffff"
            + "8000000000000000 00000000 00000000 8000000000000000" + ORIGIN_HEX;
    private static final String REASON_HEX =
            "09 53455155454e4345 11 4d414c464f524d45445f5041434b4554 07 6272f6016b656e";
    private static final String LETTER_VERSION_1 = "01 00000001 6b 00000002 0102" + ORIGIN_HEX + REASON_HEX;
    private static final String LETTER_VERSION_2 = "02 00000001 6b 00000002 0102 00000000" + ORIGIN_HEX + REASON_HEX;
    private static final String REJECTED_VERSION_1 =
            "01 02 73 04 00 0000bb80 01 00000002 0506 0000000000000001 00000000 ffffffffffffffff 01";
    private static final String REJECTED_VERSION_2 =
            "02 02 73 04 00 0000bb80 01 00 00000002 0506 0000000000000001 00000000 ffffffffffffffff 01";

    static Stream<Arguments> records() {
        return Stream.of(
                record(
                        "a packet with all there is",
                        OpusPacketSerializer.INSTANCE,
                        new OpusPacket(
                                "café",
                                new byte[] {(byte) 0xFC, 1, 2},
                                9,
                                960,
                                OpusHead.of(2, 312, -256),
                                1,
                                120,
                                240,
                                0xFFFF_FFFFL,
                                ORIGIN),
                        FULL_PACKET_VERSION_1,
                        asVersion2(FULL_PACKET_VERSION_1, "00")),
                record(
                        "a plain packet",
                        OpusPacketSerializer.INSTANCE,
                        OpusPacket.plain("s", new byte[] {8}, ORIGIN),
                        PLAIN_PACKET_VERSION_1,
                        asVersion2(PLAIN_PACKET_VERSION_1, "00")),
                record(
                        "a lost packet",
                        OpusPacketSerializer.INSTANCE,
                        OpusPacket.plain("s", new byte[0], ORIGIN),
                        LOST_PACKET_VERSION_1,
                        asVersion2(LOST_PACKET_VERSION_1, "00")),
                record(
                        "the end of a stream",
                        OpusPacketSerializer.INSTANCE,
                        OpusPacket.end("s", ORIGIN),
                        END_PACKET_VERSION_1,
                        asVersion2(END_PACKET_VERSION_1, "00")),
                record(
                        "decoded samples",
                        PcmFrameSerializer.INSTANCE,
                        new PcmFrame(
                                "s",
                                Outcome.DECODED,
                                new PcmFormat(SampleFormat.F32LE, 16_000, 255),
                                new byte[] {1, 2, 3, 4},
                                1,
                                2,
                                320,
                                null),
                        "01 02 73 00 02 00003e80 ff 00000004 01020304"
                                + "0000000000000001 00000002 0000000000000140 00",
                        "02 02 73 00 02 00003e80 ff 01 00000004 01020304"
                                + "0000000000000001 00000002 0000000000000140 00"),
                record(
                        "samples of channels that have no position",
                        PcmFrameSerializer.INSTANCE,
                        new PcmFrame(
                                "s",
                                Outcome.DECODED,
                                new PcmFormat(SampleFormat.F32LE, 16_000, 1, ChannelOrder.UNPOSITIONED),
                                new byte[] {1, 2, 3, 4},
                                1,
                                2,
                                320,
                                null),
                        "02 02 73 00 02 00003e80 01 01 00000004 01020304"
                                + "0000000000000001 00000002 0000000000000140 00"),
                record(
                        "a rejected packet",
                        PcmFrameSerializer.INSTANCE,
                        new PcmFrame(
                                "s",
                                Outcome.REJECTED,
                                new PcmFormat(SampleFormat.S16LE, 48_000, 1),
                                new byte[] {5, 6},
                                1,
                                0,
                                -1,
                                LETTER),
                        REJECTED_VERSION_1 + LETTER_VERSION_1,
                        REJECTED_VERSION_2 + LETTER_VERSION_2),
                record(
                        "a chunk of several outcomes",
                        PcmChunkSerializer.INSTANCE,
                        new PcmChunk(
                                "s",
                                new PcmFormat(SampleFormat.S24LE, 8_000, 1),
                                new byte[] {1, 2, 3, 0, 0, 0},
                                2,
                                320,
                                List.of(new Run(Outcome.CONCEALED, 1), new Run(Outcome.FILLED, 1))),
                        "01 02 73 01 00001f40 01 00 00000006 010203000000 00000002 0000000000000140"
                                + "00000002 02 0000000000000001 03 0000000000000001"),
                record(
                        "a gap of many chunks",
                        PcmChunkSerializer.INSTANCE,
                        new PcmChunk(
                                "s",
                                new PcmFormat(SampleFormat.S16LE, 48_000, 2),
                                new byte[0],
                                0,
                                5,
                                List.of(new Run(Outcome.FILLED, 1L << 40))),
                        "01 02 73 00 0000bb80 02 00 00000000 00000000 0000000000000005"
                                + "00000001 03 0000010000000000"),
                record(
                        "the layout of a plain decoder",
                        ChannelLayoutSerializer.INSTANCE,
                        ChannelLayout.plain(2),
                        "01 02 00"),
                record(
                        "the layout of several streams, mixed",
                        ChannelLayoutSerializer.INSTANCE,
                        new ChannelLayout(1, 2, 1, new byte[] {0, 2, 1}, new byte[0], 3, 2),
                        "01 02 01 03 01 02 01 00000003 000201 00000000"),
                record(
                        "the layout of ambisonics with a matrix",
                        ChannelLayoutSerializer.INSTANCE,
                        new ChannelLayout(3, 1, 0, new byte[0], new byte[] {-1, 127}, 1, 1),
                        "01 01 02 01 03 01 00 00000000 00000002 ff7f"),
                record("a dead letter", DeadLetterSerializer.INSTANCE, LETTER, LETTER_VERSION_1, LETTER_VERSION_2),
                record(
                        "a dead letter without key and value",
                        DeadLetterSerializer.INSTANCE,
                        new DeadLetter(null, null, List.of(), ORIGIN, Stage.READ, Reason.MALFORMED_KEY, ""),
                        "01 ffffffff ffffffff" + ORIGIN_HEX + "05 52454144 0e 4d414c464f524d45445f4b4559 01",
                        "02 ffffffff ffffffff 00000000" + ORIGIN_HEX + "05 52454144 0e 4d414c464f524d45445f4b4559 01"));
    }

    @Test
    void whatCameByRtpComesBack() throws IOException {
        OpusPacket packet = new OpusPacket(
                "s", new byte[] {8}, 1, 2, null, 3, 0, 0, 4, ORIGIN, new RtpCarrier(0xFFFF_FFFFL, true, new byte[] {5
                }));
        String version2 = "02 02 73 00000001 08 0000000000000001 0000000000000002 ffffffff"
                + "0000000000000003 00000000 00000000 0000000000000004" + ORIGIN_HEX
                + "01 ffffffff 01 00000001 05";

        assertThat(hex(OpusPacketSerializer.INSTANCE, packet)).isEqualTo(version2.replace(" ", ""));
        assertThat(copy(OpusPacketSerializer.INSTANCE, packet))
                .usingRecursiveComparison()
                .isEqualTo(packet);
    }

    @Test
    void whatTellsTheStreamsOfAKeyApartComesBack() throws IOException {
        for (boolean redundant : new boolean[] {false, true}) {
            RtpCarrier carrier = new RtpCarrier(7, redundant, true, new byte[] {5});
            OpusPacket packet =
                    new OpusPacket(carrier.streamId("alice"), new byte[] {8}, 1, 2, null, 3, 0, 0, 4, ORIGIN, carrier);

            OpusPacket read = copy(OpusPacketSerializer.INSTANCE, packet);

            assertThat(read).usingRecursiveComparison().isEqualTo(packet);
            assertThat(read.streamId()).isEqualTo("alice.ssrc-7");
            assertThat(read.recordKey()).isEqualTo("alice");
        }
    }

    @Test
    void theHeadersOfADeadLetterComeBack() throws IOException {
        DeadLetter letter = new DeadLetter(
                null,
                null,
                List.of(new CarrierHeader("a", new byte[] {1}), new CarrierHeader("b", null)),
                ORIGIN,
                Stage.READ,
                Reason.MALFORMED_KEY,
                "");
        String version2 = "02 ffffffff ffffffff 00000002 02 61 00000001 01 02 62 ffffffff" + ORIGIN_HEX
                + "05 52454144 0e 4d414c464f524d45445f4b4559 01";

        assertThat(hex(DeadLetterSerializer.INSTANCE, letter)).isEqualTo(version2.replace(" ", ""));
        assertThat(copy(DeadLetterSerializer.INSTANCE, letter))
                .usingRecursiveComparison()
                .isEqualTo(letter);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    <T> void bytesOfEveryVersionAreReadAsEverAndThoseOfTheLastAreWritten(
            String what, RecordSerializer<T> serializer, T record, String version1, String last) throws IOException {
        assertThat(hex(serializer, record)).isEqualTo(last);

        for (String version : List.of(version1, last)) {
            T read = read(serializer, HexFormat.of().parseHex(version));

            assertThat(read).usingRecursiveComparison().isEqualTo(record);
            assertThat(hex(serializer, read)).isEqualTo(last);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    <T> void recordsAreCopiedFromViewToView(
            String what, RecordSerializer<T> serializer, T record, String version1, String last) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);

        serializer.copy(new DataInputDeserializer(HexFormat.of().parseHex(version1)), out);

        assertThat(out.getCopyOfBuffer()).asHexString().isEqualToIgnoringCase(last);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    <T> void bytesThatEndTooSoonAreRefused(
            String what, RecordSerializer<T> serializer, T record, String version1, String last) {
        for (String version : List.of(version1, last)) {
            byte[] whole = HexFormat.of().parseHex(version);
            for (int length = 0; length < whole.length; length++) {
                byte[] part = Arrays.copyOf(whole, length);
                assertThatIOException().isThrownBy(() -> read(serializer, part));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    <T> void anUnknownVersionIsRefusedByNumber(
            String what, RecordSerializer<T> serializer, T record, String version1, String last) {
        byte[] bytes = HexFormat.of().parseHex(last);
        int known = bytes[0];
        for (int version : new int[] {0, known + 1, 255}) {
            bytes[0] = (byte) version;
            assertThatIOException()
                    .isThrownBy(() -> read(serializer, bytes))
                    .withMessage("%s found version %d: this Decant reads 1 to %d;"
                                    .formatted(serializer.getClass().getSimpleName(), version, known)
                            + " a newer one wrote it, or the bytes are damaged");
        }
    }

    static List<TypeInformation<?>> types() {
        return List.of(OpusPacket.TYPE, PcmFrame.TYPE, PcmChunk.TYPE, DeadLetter.TYPE);
    }

    @ParameterizedTest
    @MethodSource("types")
    <T> void theSnapshotInASavepointBringsTheSerializerBack(TypeInformation<T> type) throws IOException {
        TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());

        TypeSerializerSnapshot<T> snapshot = TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());

        assertThat(snapshot.restoreSerializer()).isSameAs(serializer);
        assertThat(serializer
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(snapshot)
                        .isCompatibleAsIs())
                .isTrue();
    }

    @Test
    void aSnapshotOfAnotherRecordIsIncompatible() {
        assertThat(OpusPacketSerializer.INSTANCE.snapshotConfiguration().getClass())
                .isNotEqualTo(
                        PcmFrameSerializer.INSTANCE.snapshotConfiguration().getClass());
        assertThat(OpusPacketSerializer.INSTANCE).isNotEqualTo(PcmFrameSerializer.INSTANCE);
        assertThat(OpusPacket.TYPE).isNotEqualTo(PcmFrame.TYPE);
    }

    @ParameterizedTest
    @MethodSource("types")
    <T> void typeAndSerializerTravelWithTheJob(TypeInformation<T> type) throws Exception {
        TypeInformation<T> arrived = InstantiationUtil.clone(type);

        assertThat(arrived).isEqualTo(type).hasSameHashCodeAs(type);
        assertThat(arrived.createSerializer(new SerializerConfigImpl()))
                .isEqualTo(type.createSerializer(new SerializerConfigImpl()));
        assertThat(type.isKeyType()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void everyOutcomeComesBack(Outcome outcome) throws IOException {
        for (SampleFormat format : SampleFormat.values()) {
            PcmFrame frame =
                    new PcmFrame("s", outcome, new PcmFormat(format, 8_000, 2), new byte[0], 1L << 40, 0, 5, null);

            assertThat(copy(PcmFrameSerializer.INSTANCE, frame))
                    .usingRecursiveComparison()
                    .isEqualTo(frame);
        }
    }

    @Test
    void theNumbersOfOutcomesAndSampleFormatsStay() {
        assertThat(Outcome.values())
                .startsWith(
                        Outcome.DECODED,
                        Outcome.FEC,
                        Outcome.CONCEALED,
                        Outcome.FILLED,
                        Outcome.REJECTED,
                        Outcome.RESET,
                        Outcome.END,
                        Outcome.COMFORT_NOISE);
        assertThat(SampleFormat.values()).startsWith(SampleFormat.S16LE, SampleFormat.S24LE, SampleFormat.F32LE);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonComesBack(Reason reason) throws IOException {
        for (Stage stage : Stage.values()) {
            DeadLetter letter = new DeadLetter(null, new byte[0], List.of(), ORIGIN, stage, reason, "m");

            assertThat(copy(DeadLetterSerializer.INSTANCE, letter))
                    .usingRecursiveComparison()
                    .isEqualTo(letter);
        }
    }

    @Test
    void textOfAnyLengthAndKindComesBack() throws IOException {
        String text = "ß\0\uD83C\uDFB5\uD800" + "x".repeat(100_000);
        PacketOrigin origin = new PacketOrigin(text, 0, 0, PacketOrigin.NO_TIME);

        DeadLetter letter = new DeadLetter(null, null, List.of(), origin, Stage.READ, Reason.MALFORMED_HEADER, text);
        OpusPacket packet = OpusPacket.end(text, origin);

        assertThat(copy(DeadLetterSerializer.INSTANCE, letter)).isEqualTo(letter);
        assertThat(copy(OpusPacketSerializer.INSTANCE, packet)).isEqualTo(packet);
    }

    @Test
    void whatEveryRecordNeedsIsAskedForWhereItIsBuilt() {
        assertThatNullPointerException()
                .isThrownBy(() -> new PacketOrigin(null, 0, 0, 0))
                .withMessage("source");
        assertThatNullPointerException()
                .isThrownBy(() -> OpusPacket.end(null, ORIGIN))
                .withMessage("streamId");
        assertThatNullPointerException()
                .isThrownBy(() -> OpusPacket.end("s", null))
                .withMessage("origin");
        assertThatNullPointerException()
                .isThrownBy(() -> OpusPacket.plain("s", null, ORIGIN))
                .withMessage("payload");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpusPacket.end("", ORIGIN))
                .withMessageContaining("stream ID is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpusPacket("s", new byte[1], 0, 0, null, 0, 0, -1, 0, ORIGIN))
                .withMessageContaining("trimming of 0 and -1 ticks");
    }

    /** Of a kind that has had one version. */
    private static Arguments record(String what, RecordSerializer<?> serializer, Object record, String version1) {
        return record(what, serializer, record, version1, version1);
    }

    private static Arguments record(
            String what, RecordSerializer<?> serializer, Object record, String version1, String last) {
        return Arguments.of(what, serializer, record, version1.replace(" ", ""), last.replace(" ", ""));
    }

    /** Of a packet, whose version 2 only has more at the end. */
    private static String asVersion2(String version1, String more) {
        return "02" + version1.substring(2) + more;
    }

    private static <T> T copy(RecordSerializer<T> serializer, T record) throws IOException {
        return read(serializer, HexFormat.of().parseHex(hex(serializer, record)));
    }

    private static <T> String hex(RecordSerializer<T> serializer, T record) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(record, out);
        return HexFormat.of().formatHex(out.getCopyOfBuffer());
    }

    private static <T> T read(RecordSerializer<T> serializer, byte[] bytes) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        T record = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return record;
    }
}
