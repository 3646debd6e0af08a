package dev.decant.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.DeadLetter.Stage;
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

/** The bytes of every version are kept here: a later version must still read them. */
class RecordSerializerTest {
    private static final PacketOrigin ORIGIN = new PacketOrigin("packets", 3, 77, 1_700_000_000_000L);
    private static final String ORIGIN_HEX = "08 7061636b657473 00000003 000000000000004d 0000018bcfe56800";
    private static final DeadLetter LETTER = new DeadLetter(
            new byte[] {'k'}, new byte[] {1, 2}, ORIGIN, Stage.SEQUENCE, Reason.MALFORMED_PACKET, "bröken");

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
                        "01 05 636166e901 00000003 fc0102 0000000000000009 00000000000003c0"
                                + "00000013 4f70757348656164 01 02 3801 00000000 00ff 00"
                                + "0000000000000001 00000078 000000f0 00000000ffffffff" + ORIGIN_HEX),
                record(
                        "a plain packet",
                        OpusPacketSerializer.INSTANCE,
                        OpusPacket.plain("s", new byte[] {8}, ORIGIN),
                        "01 02 73 00000001 08 8000000000000000 8000000000000000 ffffffff"
                                + "8000000000000000 00000000 00000000 8000000000000000" + ORIGIN_HEX),
                record(
                        "a lost packet",
                        OpusPacketSerializer.INSTANCE,
                        OpusPacket.plain("s", new byte[0], ORIGIN),
                        "01 02 73 00000000 8000000000000000 8000000000000000 ffffffff"
                                + "8000000000000000 00000000 00000000 8000000000000000" + ORIGIN_HEX),
                record(
                        "the end of a stream",
                        OpusPacketSerializer.INSTANCE,
                        OpusPacket.end("s", ORIGIN),
                        "01 02 73 ffffffff 8000000000000000 8000000000000000 ffffffff"
                                + "8000000000000000 00000000 00000000 8000000000000000" + ORIGIN_HEX),
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
                        "02 02 73 00 02 00003e80 ff 01 00000004 01020304"
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
                        "02 02 73 04 00 0000bb80 01 00 00000002 0506 0000000000000001 00000000 ffffffffffffffff 01"
                                + "01 00000001 6b 00000002 0102" + ORIGIN_HEX
                                + "09 53455155454e4345 11 4d414c464f524d45445f5041434b4554 07 6272f6016b656e"),
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
                record(
                        "a dead letter",
                        DeadLetterSerializer.INSTANCE,
                        LETTER,
                        "01 00000001 6b 00000002 0102" + ORIGIN_HEX
                                + "09 53455155454e4345 11 4d414c464f524d45445f5041434b4554 07 6272f6016b656e"),
                record(
                        "a dead letter without key and value",
                        DeadLetterSerializer.INSTANCE,
                        new DeadLetter(null, null, ORIGIN, Stage.READ, Reason.MALFORMED_KEY, ""),
                        "01 ffffffff ffffffff" + ORIGIN_HEX + "05 52454144 0e 4d414c464f524d45445f4b4559 01"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    <T> void bytesOfTheNewestVersionAreReadAndWrittenAsEver(
            String what, RecordSerializer<T> serializer, T record, String bytes) throws IOException {
        assertThat(hex(serializer, record)).isEqualTo(bytes);

        T read = read(serializer, HexFormat.of().parseHex(bytes));

        assertThat(read).usingRecursiveComparison().isEqualTo(record);
        assertThat(hex(serializer, read)).isEqualTo(bytes);
    }

    @Test
    void aFrameOfVersion1IsReadAsOneWhoseSpeakersGoWithoutSaying() throws IOException {
        String stereo = "01 02 73 00 02 00003e80 02 00000008 0102030405060708"
                + "0000000000000001 00000002 0000000000000140 00";

        PcmFrame read = read(PcmFrameSerializer.INSTANCE, HexFormat.of().parseHex(stereo.replace(" ", "")));

        assertThat(read)
                .usingRecursiveComparison()
                .isEqualTo(new PcmFrame(
                        "s",
                        Outcome.DECODED,
                        new PcmFormat(SampleFormat.F32LE, 16_000, 2, ChannelOrder.SPEAKERS),
                        new byte[] {1, 2, 3, 4, 5, 6, 7, 8},
                        1,
                        2,
                        320,
                        null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    <T> void recordsAreCopiedFromViewToView(String what, RecordSerializer<T> serializer, T record, String bytes)
            throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);

        serializer.copy(new DataInputDeserializer(HexFormat.of().parseHex(bytes)), out);

        assertThat(out.getCopyOfBuffer()).asHexString().isEqualToIgnoringCase(bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    <T> void bytesThatEndTooSoonAreRefused(String what, RecordSerializer<T> serializer, T record, String bytes) {
        byte[] whole = HexFormat.of().parseHex(bytes);
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatIOException().isThrownBy(() -> read(serializer, part));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    <T> void anUnknownVersionIsRefusedByNumber(String what, RecordSerializer<T> serializer, T record, String bytes) {
        byte[] unknown = HexFormat.of().parseHex(bytes);
        int newest = unknown[0];
        for (int version : new int[] {0, newest + 1, 255}) {
            unknown[0] = (byte) version;
            assertThatIOException()
                    .isThrownBy(() -> read(serializer, unknown))
                    .withMessage("%s found version %d: this Decant reads 1 to %d;"
                                    .formatted(serializer.getClass().getSimpleName(), version, newest)
                            + " a newer one wrote it, or the bytes are damaged");
        }
    }

    static List<TypeInformation<?>> types() {
        return List.of(OpusPacket.TYPE, PcmFrame.TYPE, DeadLetter.TYPE);
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
                        Outcome.END);
        assertThat(SampleFormat.values()).startsWith(SampleFormat.S16LE, SampleFormat.S24LE, SampleFormat.F32LE);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonComesBack(Reason reason) throws IOException {
        for (Stage stage : Stage.values()) {
            DeadLetter letter = new DeadLetter(null, new byte[0], ORIGIN, stage, reason, "m");

            assertThat(copy(DeadLetterSerializer.INSTANCE, letter))
                    .usingRecursiveComparison()
                    .isEqualTo(letter);
        }
    }

    @Test
    void textOfAnyLengthAndKindComesBack() throws IOException {
        String text = "ß\0\uD83C\uDFB5\uD800" + "x".repeat(100_000);
        PacketOrigin origin = new PacketOrigin(text, 0, 0, PacketOrigin.NO_TIME);

        DeadLetter letter = new DeadLetter(null, null, origin, Stage.READ, Reason.MALFORMED_HEADER, text);
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

    private static Arguments record(String what, RecordSerializer<?> serializer, Object record, String bytes) {
        return Arguments.of(what, serializer, record, bytes.replace(" ", ""));
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
