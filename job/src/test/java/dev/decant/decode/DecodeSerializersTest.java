package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.OpusHead;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PacketOrigin;
import dev.decant.audio.RecordSerializer;
import dev.decant.audio.Toc;
import dev.decant.opus.DecoderImage;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** The bytes of every version are kept here: a later version must still read them. */
class DecodeSerializersTest {
    private static final PacketOrigin ORIGIN = new PacketOrigin("packets", 7, 42, 1_700_000_000_000L);

    private static final DecodeStep STEP = new DecodeStep(
            DecodeStep.Kind.PACKET,
            new OpusPacket(
                    "alice",
                    new byte[] {8, 1, 2},
                    OpusPacket.ABSENT,
                    OpusPacket.ABSENT,
                    null,
                    OpusPacket.ABSENT,
                    0,
                    0,
                    0xFFFF_FFFFL,
                    ORIGIN),
            new LinkSettings(2, -256, 312),
            3,
            960,
            960,
            1_000,
            1_920);

    private static final String STEP_VERSION_1 = "0106616c6963650000000003080102" + "02ff000000013800000003"
            + "00000000000003c0" + "00000000000003c0" + "00000000000003e8" + "0000000000000780" + "00000000ffffffff"
            + "087061636b657473" + "00000007" + "000000000000002a" + "0000018bcfe56800";

    private static final String STEP_VERSION_2 = "02" + "00" + "0206616c69636500000003080102"
            + "8000000000000000" + "8000000000000000" + "ffffffff" + "8000000000000000" + "00000000" + "00000000"
            + "00000000ffffffff" + "087061636b657473" + "00000007" + "000000000000002a" + "0000018bcfe56800" + "00"
            + "010200ff0000000138" + "00000003" + "00000000000003c0" + "00000000000003c0" + "00000000000003e8"
            + "0000000000000780";

    /** What version 2 kept of a timeline. */
    private static final Timeline TIMELINE_2 = new Timeline(
            5,
            OpusHead.of(1, 312, 0),
            null,
            new LinkSettings(1, 0, 312),
            2,
            false,
            96_000,
            OpusPacket.ABSENT,
            PacketOrigin.NO_TIME,
            960,
            960,
            null,
            0,
            0,
            0);

    private static final SequencedStream STREAM_2 = new SequencedStream(
            new Numbering(),
            TIMELINE_2,
            false,
            false,
            SequencedStream.NO_TIMER,
            1_700_000_000_500L,
            ORIGIN,
            1_700_003_600_000L,
            true);

    /** One without record times. */
    private static final SequencedStream RECORDING_2 = new SequencedStream(
            new Numbering(),
            TIMELINE_2,
            false,
            false,
            SequencedStream.NO_TIMER,
            PacketOrigin.NO_TIME,
            SequencedStream.NOWHERE,
            SequencedStream.NO_TIMER,
            false);

    private static final SequencedStream STREAM = new SequencedStream(
            new Numbering(1, 2, true, 3, 4, 5, 6, 7, 8, 9),
            new Timeline(
                    5,
                    OpusHead.of(1, 312, 0),
                    "no",
                    new LinkSettings(new ChannelLayout(1, 2, 1, new byte[] {0, 2, 1}, new byte[0], 3, 3), 0, 312),
                    2,
                    true,
                    96_000,
                    10,
                    11,
                    960,
                    480,
                    Toc.Mode.CELT,
                    12,
                    13,
                    14),
            true,
            true,
            15,
            1_700_000_000_500L,
            ORIGIN,
            1_700_003_600_000L,
            true);

    private static final String STREAM_VERSION_3 = "03" + "0000000000000001" + "0000000000000002" + "01"
            + "0000000000000003" + "0000000000000004" + "0000000000000005" + "0000000000000006" + "0000000000000007"
            + "0000000000000008" + "00000009" + "0000000000000005" + "00000013" + "4f707573486561640101380100000000"
            + "000000" + "036e6f" + "0103010301020100000003" + "00020100000000" + "000000000138" + "00000002" + "01"
            + "0000000000017700" + "000000000000000a"
            + "000000000000000b" + "000003c0" + "000001e0" + "02" + "000000000000000c" + "0000000d" + "0000000e" + "01"
            + "01" + "000000000000000f" + "0000018bcfe569f4" + "087061636b657473" + "00000007" + "000000000000002a"
            + "0000018bcfe56800" + "0000018bd01c5680" + "01";

    private static final String STREAM_VERSION_1 =
            "010000000000000005" + "00000013" + "4f707573486561640101380100000000" + "000000" + "01000000000138"
                    + "00000002" + "0000000000017700" + "000003c0";

    private static final String RECORDING_VERSION_2 = "02" + STREAM_VERSION_1.substring(2) + "00";

    private static final String STREAM_VERSION_2 = "02" + STREAM_VERSION_1.substring(2) + "01" + "0000018bcfe569f4"
            + "087061636b657473" + "00000007" + "000000000000002a" + "0000018bcfe56800" + "0000018bd01c5680" + "01";

    private static final LoggedStep LOGGED = new LoggedStep(DecodeStep.Kind.FEC, new byte[] {8, 1, 2}, 960, true);

    private static final String LOGGED_VERSION_1 = "01" + "02" + "01" + "000003c0" + "00000003080102";

    private static final LoggedStep CONCEALED = new LoggedStep(DecodeStep.Kind.CONCEAL, null, 120, false);

    private static final String CONCEALED_VERSION_1 = "01" + "01" + "00" + "00000078" + "ffffffff";

    private static final String LOGGED_VERSION_2 =
            "02" + "00000002" + "00000015" + "82" + "000003c0" + "00000003080102" + "01" + "00000078" + "ffffffff";

    private static final SavedDecoder FIRST_STATE = SavedDecoder.inFirstState("abc");

    private static final String FIRST_STATE_VERSION_1 = "01" + "01" + "04616263";

    private static final SavedDecoder IMAGE = SavedDecoder.of(DecoderImage.ofBytes(new byte[] {1, 2, 3, 4}), 50);

    private static final String IMAGE_VERSION_1 = "01" + "02" + "00000032" + "0000000401020304";

    @Test
    void aLogOfVersion1IsReadAsItWas() throws IOException {
        assertThat(read(LoggedStepsSerializer.INSTANCE, LOGGED_VERSION_1))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(LOGGED);
        assertThat(read(LoggedStepsSerializer.INSTANCE, CONCEALED_VERSION_1)).containsExactly(CONCEALED);
    }

    @Test
    void aLogOfVersion2IsReadAndWrittenAsItWas() throws IOException {
        byte[] bytes = new byte[LoggedSteps.length(LOGGED) + LoggedSteps.length(CONCEALED)];
        LoggedSteps.put(LOGGED, bytes, 0);
        LoggedSteps.put(CONCEALED, bytes, LoggedSteps.length(LOGGED));

        assertThat(write(LoggedStepsSerializer.INSTANCE, new LoggedSteps(bytes, 0, bytes.length, 2)))
                .isEqualTo(LOGGED_VERSION_2);
        LoggedSteps read = read(LoggedStepsSerializer.INSTANCE, LOGGED_VERSION_2);
        assertThat(read).usingRecursiveFieldByFieldElementComparator().containsExactly(LOGGED, CONCEALED);
        assertThat(read.after(1)).containsExactly(CONCEALED);
        assertThat(write(LoggedStepsSerializer.INSTANCE, read)).isEqualTo(LOGGED_VERSION_2);
    }

    @Test
    void aSavedDecoderOfVersion1IsReadAndWrittenAsItWas() throws IOException {
        SavedDecoderSerializer serializer = SavedDecoderSerializer.INSTANCE;
        assertThat(read(serializer, FIRST_STATE_VERSION_1)).isEqualTo(FIRST_STATE);
        assertThat(write(serializer, FIRST_STATE)).isEqualTo(FIRST_STATE_VERSION_1);
        assertThat(read(serializer, IMAGE_VERSION_1)).isEqualTo(IMAGE);
        assertThat(write(serializer, IMAGE)).isEqualTo(IMAGE_VERSION_1);
        assertThat(read(serializer, "0100")).isEqualTo(SavedDecoder.UNKNOWN);
        assertThat(write(serializer, SavedDecoder.UNKNOWN)).isEqualTo("0100");
    }

    @Test
    void aStepOfVersion1IsReadAsItWas() throws IOException {
        assertThat(read(DecodeStepSerializer.INSTANCE, STEP_VERSION_1))
                .usingRecursiveComparison()
                .isEqualTo(STEP);
    }

    @Test
    void aStepOfVersion2IsReadAndWrittenAsItWas() throws IOException {
        assertThat(read(DecodeStepSerializer.INSTANCE, STEP_VERSION_2))
                .usingRecursiveComparison()
                .isEqualTo(STEP);
        assertThat(write(DecodeStepSerializer.INSTANCE, STEP)).isEqualTo(STEP_VERSION_2);
    }

    @Test
    void aStepWithoutPacketIsReadAsItWas() throws IOException {
        DecodeStep fill = new DecodeStep(
                DecodeStep.Kind.FILL,
                OpusPacket.end("bob", ORIGIN),
                new LinkSettings(1, 0, 0),
                0,
                0,
                480_000,
                0,
                480_000);

        DecodeStep read = read(DecodeStepSerializer.INSTANCE, write(DecodeStepSerializer.INSTANCE, fill));

        assertThat(read).isEqualTo(fill);
    }

    @Test
    void aStreamOfVersion1IsReadAsOneWithoutRecordTimes() throws IOException {
        assertSame(read(SequencedStreamSerializer.INSTANCE, STREAM_VERSION_1), RECORDING_2);
    }

    @Test
    void aStreamOfVersion2IsReadAsOneWhoseNextPacketBeginsTheNumbering() throws IOException {
        assertSame(read(SequencedStreamSerializer.INSTANCE, STREAM_VERSION_2), STREAM_2);
        assertSame(read(SequencedStreamSerializer.INSTANCE, RECORDING_VERSION_2), RECORDING_2);
    }

    /** A checkpoint writes every stream, those too of which nothing has come since the restore. */
    @Test
    void aStreamOfAnOldVersionIsWrittenAsOneOfTheLast() throws IOException {
        for (String old : List.of(STREAM_VERSION_1, STREAM_VERSION_2, RECORDING_VERSION_2)) {
            SequencedStream stream = read(SequencedStreamSerializer.INSTANCE, old);

            assertSame(
                    read(SequencedStreamSerializer.INSTANCE, write(SequencedStreamSerializer.INSTANCE, stream)),
                    stream);
        }
    }

    @Test
    void aStreamOfVersion3IsReadAndWrittenAsItWas() throws IOException {
        assertSame(read(SequencedStreamSerializer.INSTANCE, STREAM_VERSION_3), STREAM);
        assertThat(write(SequencedStreamSerializer.INSTANCE, STREAM)).isEqualTo(STREAM_VERSION_3);
    }

    /** While a checkpoint is written from the heap, packets change a copy of the stream. */
    @Test
    void aCopyOfAStreamIsAsItAndGoesItsOwnWay() {
        SequencedStream copy = SequencedStreamSerializer.INSTANCE.copy(STREAM);
        assertSame(copy, STREAM);

        copy.numbering().skipTo(1_000);
        copy.timeline().clock++;
        copy.setTimer(1, false);

        assertThat(STREAM.numbering().next()).isEqualTo(3);
        assertThat(STREAM.timeline().clock).isEqualTo(96_000);
        assertThat(STREAM.timer()).isEqualTo(1_700_003_600_000L);
    }

    /** A stream changes, so that no two are equal; this one has all that the other has. */
    private static void assertSame(SequencedStream stream, SequencedStream expected) {
        assertThat(stream).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void aNewerVersionIsRefused() {
        assertThatThrownBy(() -> read(DecodeStepSerializer.INSTANCE, "03" + STEP_VERSION_2.substring(2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("DecodeStepSerializer found version 3");
        assertThatThrownBy(() -> read(SequencedStreamSerializer.INSTANCE, "04" + STREAM_VERSION_3.substring(2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("SequencedStreamSerializer found version 4");
        assertThatThrownBy(() -> read(LoggedStepsSerializer.INSTANCE, "03" + LOGGED_VERSION_2.substring(2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("LoggedStepsSerializer found version 3");
        assertThatThrownBy(() -> read(SavedDecoderSerializer.INSTANCE, "02" + IMAGE_VERSION_1.substring(2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("SavedDecoderSerializer found version 2");
    }

    private static <T> T read(RecordSerializer<T> serializer, String hex) throws IOException {
        return serializer.deserialize(new DataInputDeserializer(HexFormat.of().parseHex(hex)));
    }

    private static <T> String write(RecordSerializer<T> serializer, T record) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(record, out);
        return HexFormat.of().formatHex(out.getCopyOfBuffer());
    }
}
