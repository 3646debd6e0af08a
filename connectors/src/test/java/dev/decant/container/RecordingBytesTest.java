package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class RecordingBytesTest {
    private static final byte[] CONTENT = {1, 2, 3, 4, 5};

    @Test
    void whatOpensAtTheStartIsReadUpToTheOffset() throws IOException {
        RecordingBytes bytes = RecordingBytes.of(() -> new ByteArrayInputStream(CONTENT));

        assertThat(bytes.open(0)).hasBinaryContent(CONTENT);
        assertThat(bytes.open(3)).hasBinaryContent(new byte[] {4, 5});
        assertThat(bytes.open(5)).isEmpty();
        assertThat(bytes.open(1_000)).isEmpty();
    }

    @Test
    void aStreamThatSkipsNothingIsReadAllTheSame() throws IOException {
        RecordingBytes bytes = RecordingBytes.of(() -> new FilterInputStream(new ByteArrayInputStream(CONTENT)) {
            @Override
            public long skip(long count) {
                return 0;
            }
        });

        assertThat(bytes.open(3)).hasBinaryContent(new byte[] {4, 5});
        assertThat(bytes.open(9)).isEmpty();
    }

    @Test
    void aStreamThatCannotBeReadUpToTheOffsetIsClosed() {
        boolean[] closed = new boolean[1];
        RecordingBytes bytes = RecordingBytes.of(() -> new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        });

        assertThatThrownBy(() -> bytes.open(1)).hasMessage("the disk is gone");
        assertThat(closed[0]).isTrue();
    }
}
