package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.OpusHead;
import dev.decant.container.RecordingProblem.Kind;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class RecordingEndTest {
    private static final TypeSerializer<RecordingEnd> SERIALIZER =
            RecordingEnd.TYPE.createSerializer(new SerializerConfigImpl());

    private static final RecordingEnd READ = new RecordingEnd(
            "a/b.opus",
            "a/b.opus//2",
            "a/b",
            "s3://in/a/b.opus",
            Container.WEBM,
            OpusHead.of(2, 312, -256),
            2,
            3_000_000_000L,
            7,
            1L << 40,
            List.of(new RecordingProblem(44, Kind.DAMAGE, "gone"), new RecordingProblem(-1, Kind.IRREGULARITY, "odd")),
            null);
    private static final RecordingEnd FAILED = new RecordingEnd(
            "x",
            "x//3",
            "x",
            "/in/x",
            null,
            null,
            0,
            0,
            0,
            0,
            List.of(),
            new RecordingProblem(9, Kind.DAMAGE, "no Opus"));

    @Test
    void bothKindsComeBackAsTheyWere() throws IOException {
        assertThat(read(write(READ))).isEqualTo(READ);
        assertThat(read(write(FAILED))).isEqualTo(FAILED);
    }

    @Test
    void bytesOfVersion1AreRead() throws IOException {
        String version1 = HexFormat.of().formatHex(write(FAILED));

        assertThat(version1).isEqualTo(VERSION_1);
        assertThat(read(HexFormat.of().parseHex(VERSION_1))).isEqualTo(FAILED);
    }

    private static final String VERSION_1 =
            "01027805782f2f330278062f696e2f7800ffffffff0000000000000000000000000000000000000000000000000000000000000000000000000100000000000000090744414d414745086e6f204f707573";

    private static byte[] write(RecordingEnd end) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        SERIALIZER.serialize(end, out);
        return out.getCopyOfBuffer();
    }

    private static RecordingEnd read(byte[] bytes) throws IOException {
        return SERIALIZER.deserialize(new DataInputDeserializer(bytes));
    }
}
