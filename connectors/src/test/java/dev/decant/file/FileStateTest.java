package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.RecordSerializer;
import dev.decant.audio.SampleFormat;
import java.io.IOException;
import java.util.HexFormat;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshotSerializationUtil;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** Bytes that a version of Decant has written stay readable. */
class FileStateTest {
    private static final PcmFormat STEREO = new PcmFormat(SampleFormat.F32LE, 48_000, 2);
    private static final WrittenBody BODY = new WrittenBody("file:/out/.decant/j/0/b", 1, new byte[] {1, 2, 3});

    private static final OpenBody OPEN = new OpenBody("älice", STEREO, 5_000_000_000L, 960, BODY);
    private static final String OPEN_V1 =
            "010006c3a46c69636500056633326c650000bb8002000000012a05f20000000000000003c001001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203";
    private static final String OPEN_V2 =
            "020006c3a46c69636500056633326c650000bb800200000000012a05f20000000000000003c001001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203";
    private static final OpenBody SURROUND =
            new OpenBody("älice", new PcmFormat(SampleFormat.F32LE, 48_000, 11), 5_000_000_000L, 960, BODY);
    private static final String SURROUND_V2 =
            "020006c3a46c69636500056633326c650000bb800b01000000012a05f20000000000000003c001001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203";
    private static final FinishedWav FINISHED = new FinishedWav("bob", STEREO, 7, true, 2_880_000, BODY);
    private static final String FINISHED_V1 =
            "010003626f6200056633326c650000bb800200000000000000070100000000002bf20001001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203";
    private static final String FINISHED_V2 =
            "020003626f6200056633326c650000bb80020000000000000000070100000000002bf20001001766696c653a2f6f75742f2e646563616e742f6a2f302f620000000100000003010203";
    private static final FinishedWav EMPTY = new FinishedWav("bob", STEREO, 0, false, 0, null);
    private static final String EMPTY_V1 = "010003626f6200056633326c650000bb8002000000000000000000000000000000000000";

    @Test
    void openBodiesOfVersion1AreRead() throws Exception {
        OpenBody read = read(OpenBody.Serializer.INSTANCE, OPEN_V1);

        assertThat(read).usingRecursiveComparison().isEqualTo(OPEN);
        assertThat(write(OpenBody.Serializer.INSTANCE, read)).isEqualTo(OPEN_V2);
    }

    @Test
    void openBodiesOfVersion2AreReadAndWritten() throws Exception {
        OpenBody read = read(OpenBody.Serializer.INSTANCE, SURROUND_V2);

        assertThat(read).usingRecursiveComparison().isEqualTo(SURROUND);
        assertThat(write(OpenBody.Serializer.INSTANCE, SURROUND)).isEqualTo(SURROUND_V2);
    }

    @Test
    void committablesOfVersion1AreRead() throws Exception {
        var serializer = new FinishedWavSerializer.AsCommittable();
        FinishedWav read = serializer.deserialize(1, HexFormat.of().parseHex(FINISHED_V1));

        assertThat(read).usingRecursiveComparison().isEqualTo(FINISHED);
        assertThat(serializer.getVersion()).isEqualTo(1);
        assertThat(HexFormat.of().formatHex(serializer.serialize(FINISHED))).isEqualTo(FINISHED_V2);
        assertThat(serializer.deserialize(1, HexFormat.of().parseHex(FINISHED_V2)))
                .usingRecursiveComparison()
                .isEqualTo(FINISHED);
        assertThat(read(FinishedWavSerializer.INSTANCE, EMPTY_V1)).isEqualTo(EMPTY);
    }

    @Test
    void newerVersionsAreRefused() {
        assertThatThrownBy(() -> read(OpenBody.Serializer.INSTANCE, "03"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 3");
        assertThatThrownBy(() -> new FinishedWavSerializer.AsCommittable().deserialize(2, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void savepointsFindTheSerializersAgain() throws Exception {
        for (RecordSerializer<?> serializer :
                new RecordSerializer<?>[] {OpenBody.Serializer.INSTANCE, FinishedWavSerializer.INSTANCE}) {
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
