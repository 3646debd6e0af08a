package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.OpusHead;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.RecordSerializer;
import dev.decant.audio.SampleFormat;
import dev.decant.container.Container;
import dev.decant.container.RecordingEnd;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshotSerializationUtil;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** Bytes that a version of Decant has written stay readable. */
class FileStateTest {
    private static final PcmFormat STEREO = new PcmFormat(SampleFormat.F32LE, 48_000, 2);
    private static final WrittenBody BODY = new WrittenBody("file:/out/.decant/j/0/b", 1, new byte[] {1, 2, 3});

    private static final OpenBody OPEN =
            new OpenBody("älice", STEREO, 5_000_000_000L, 960, 0, SampleTally.NOTHING, BODY);
    private static final String OPEN_V1 =
            "010006c3a46c69636500056633326c650000bb8002000000012a05f20000000000000003c001001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203";
    private static final String OPEN_V2 =
            "020006c3a46c69636500056633326c650000bb800200000000012a05f20000000000000003c001001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203";
    private static final OpenBody SURROUND = new OpenBody(
            "älice", new PcmFormat(SampleFormat.F32LE, 48_000, 11), 5_000_000_000L, 960, 0, SampleTally.NOTHING, BODY);
    private static final String SURROUND_V2 =
            "020006c3a46c69636500056633326c650000bb800b01000000012a05f20000000000000003c001001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203";
    private static final FinishedFile FINISHED = new FinishedFile("bob", STEREO, 7, true, 2_880_000, BODY);
    private static final String FINISHED_V1 =
            "010003626f6200056633326c650000bb800200000000000000070100000000002bf20001001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203";
    private static final String FINISHED_V2 =
            "020003626f6200056633326c650000bb80020000000000000000070100000000002bf20001001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203";
    private static final FinishedFile EMPTY = new FinishedFile("bob", STEREO, 0, false, 0, null);
    private static final String EMPTY_V1 = "010003626f6200056633326c650000bb8002000000000000000000000000000000000000";

    private static final SampleTally TALLY = new SampleTally(1, 2, 3, 4, 5, "broken");
    private static final OpenBody WITH_ROOM = new OpenBody("bob", STEREO, 7, 0, 58, TALLY, BODY);
    private static final String WITH_ROOM_V3 =
            "030003626f6200056633326c650000bb80020000000000000000070000000000000000003a000000000000000100000000000000020000000000000003000000000000000400000000000000050762726f6b656e01001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203";
    private static final RecordingEnd END = new RecordingEnd(
            "a/b.opus",
            "a/b.opus//2",
            "a/b",
            "/in/a/b.opus",
            Container.OGG,
            OpusHead.of(2, 312, 0),
            1,
            9,
            0,
            99,
            List.of(),
            null);
    private static final FinishedFile OF_RECORDING =
            new FinishedFile("a/b.opus//2", STEREO, 7, false, 0, 58, TALLY, new byte[] {9, 8}, BODY, END);
    private static final String OF_RECORDING_V3 =
            "03000b612f622e6f7075732f2f320100056633326c650000bb8002000000000000000007000000000000000000003a000000000000000100000000000000020000000000000003000000000000000400000000000000050762726f6b656e00000002090801001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203010109612f622e6f7075730c612f622e6f7075732f2f3204612f620d2f696e2f612f622e6f707573044f4747000000134f70757348656164010238010000000000000000000000000000010000000000000009000000000000000000000000000000630000000000";
    private static final FinishedFile FAILED = FinishedFile.empty(END, null);
    private static final String FAILED_V3 =
            "03000b612f622e6f7075732f2f3200000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000ffffffff00010109612f622e6f7075730c612f622e6f7075732f2f3204612f620d2f696e2f612f622e6f707573044f4747000000134f70757348656164010238010000000000000000000000000000010000000000000009000000000000000000000000000000630000000000";

    @Test
    void openBodiesOfVersion1AreRead() throws Exception {
        OpenBody read = read(OpenBody.Serializer.INSTANCE, OPEN_V1);

        assertThat(read).usingRecursiveComparison().isEqualTo(OPEN);
    }

    @Test
    void openBodiesOfVersion2AreRead() throws Exception {
        assertThat(read(OpenBody.Serializer.INSTANCE, OPEN_V2))
                .usingRecursiveComparison()
                .isEqualTo(OPEN);

        OpenBody read = read(OpenBody.Serializer.INSTANCE, SURROUND_V2);

        assertThat(read).usingRecursiveComparison().isEqualTo(SURROUND);
    }

    @Test
    void openBodiesOfVersion3AreReadAndWritten() throws Exception {
        assertThat(write(OpenBody.Serializer.INSTANCE, WITH_ROOM)).isEqualTo(WITH_ROOM_V3);
        assertThat(read(OpenBody.Serializer.INSTANCE, WITH_ROOM_V3))
                .usingRecursiveComparison()
                .isEqualTo(WITH_ROOM);
    }

    @Test
    void committablesOfVersion3AreReadAndWritten() throws Exception {
        assertThat(write(FinishedFileSerializer.INSTANCE, OF_RECORDING)).isEqualTo(OF_RECORDING_V3);
        assertThat(read(FinishedFileSerializer.INSTANCE, OF_RECORDING_V3))
                .usingRecursiveComparison()
                .isEqualTo(OF_RECORDING);
        assertThat(write(FinishedFileSerializer.INSTANCE, FAILED)).isEqualTo(FAILED_V3);
        assertThat(read(FinishedFileSerializer.INSTANCE, FAILED_V3))
                .usingRecursiveComparison()
                .isEqualTo(FAILED);
    }

    @Test
    void committablesOfVersion1AreRead() throws Exception {
        var serializer = new CommittableSerializer<>(FinishedFileSerializer.INSTANCE);
        FinishedFile read = serializer.deserialize(1, HexFormat.of().parseHex(FINISHED_V1));

        assertThat(read).usingRecursiveComparison().isEqualTo(FINISHED);
        assertThat(serializer.getVersion()).isEqualTo(1);
        assertThat(serializer.deserialize(1, serializer.serialize(FINISHED)))
                .usingRecursiveComparison()
                .isEqualTo(FINISHED);
        assertThat(serializer.deserialize(1, HexFormat.of().parseHex(FINISHED_V2)))
                .usingRecursiveComparison()
                .isEqualTo(FINISHED);
        assertThat(read(FinishedFileSerializer.INSTANCE, EMPTY_V1)).isEqualTo(EMPTY);
    }

    @Test
    void newerVersionsAreRefused() {
        assertThatThrownBy(() -> read(OpenBody.Serializer.INSTANCE, "04"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 4");
        assertThatThrownBy(
                        () -> new CommittableSerializer<>(FinishedFileSerializer.INSTANCE).deserialize(2, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void savepointsFindTheSerializersAgain() throws Exception {
        for (RecordSerializer<?> serializer :
                new RecordSerializer<?>[] {OpenBody.Serializer.INSTANCE, FinishedFileSerializer.INSTANCE}) {
            DataOutputSerializer out = new DataOutputSerializer(64);
            TypeSerializerSnapshotSerializationUtil.writeSerializerSnapshot(out, serializer.snapshotConfiguration());
            var snapshot = TypeSerializerSnapshotSerializationUtil.readSerializerSnapshot(
                    new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());

            assertThat(snapshot.restoreSerializer()).isSameAs(serializer);
        }
    }

    private static <T> T read(RecordSerializer<T> serializer, String hex) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(HexFormat.of().parseHex(hex));
        T record = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return record;
    }

    private static <T> String write(RecordSerializer<T> serializer, T record) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(record, out);
        return HexFormat.of().formatHex(out.getCopyOfBuffer());
    }
}
