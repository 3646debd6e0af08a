package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.IOException;
import java.util.HexFormat;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** Bytes that a version of Decant has written stay readable. The other state is pieces of PCM, as chunks. */
class ChunkStateTest {
    private static final ChunkSpan SPAN =
            new ChunkSpan(new PcmFormat(SampleFormat.F32LE, 16_000, 2), 3, 16_000, 16_320);
    private static final String SPAN_VERSION_1 =
            "01" + "02" + "00003e80" + "02" + "00" + "00000003" + "0000000000003e80" + "0000000000003fc0";

    @Test
    void spansOfVersion1AreReadAndWrittenAsEver() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        ChunkSpanSerializer.INSTANCE.serialize(SPAN, out);

        assertThat(HexFormat.of().formatHex(out.getCopyOfBuffer())).isEqualTo(SPAN_VERSION_1);
        assertThat(read(SPAN_VERSION_1)).isEqualTo(SPAN);
    }

    @Test
    void aNewerVersionIsRefused() {
        assertThatIOException()
                .isThrownBy(() -> read("02" + SPAN_VERSION_1.substring(2)))
                .withMessageContaining("version 2");
    }

    @Test
    void savepointsFindTheSerializerAgain() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, ChunkSpanSerializer.INSTANCE.snapshotConfiguration());

        TypeSerializerSnapshot<ChunkSpan> snapshot = TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());

        assertThat(snapshot.restoreSerializer()).isSameAs(ChunkSpanSerializer.INSTANCE);
    }

    private static ChunkSpan read(String hex) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(HexFormat.of().parseHex(hex));
        ChunkSpan span = ChunkSpanSerializer.INSTANCE.deserialize(in);
        assertThat(in.available()).isZero();
        return span;
    }
}
