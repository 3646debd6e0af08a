package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmChunk;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.opus.ReferenceDecoder;
import dev.decant.opus.TestStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The samples of streams, put together again from their frames. */
final class StreamPcm {
    private StreamPcm() {}

    /**
     * The samples of each stream, by stream ID. Nothing may be missing and nothing be there twice: each frame must begin
     * where the one before it ended, and the first one at 0.
     */
    static Map<String, byte[]> of(List<PcmFrame> frames, PcmFormat format) {
        return ofChunks(frames.stream().map(PcmChunk::of).toList(), format);
    }

    /** As {@link #of}, out of chunks. */
    static Map<String, byte[]> ofChunks(List<PcmChunk> chunks, PcmFormat format) {
        Map<String, ByteArrayOutputStream> streams = new LinkedHashMap<>();
        for (PcmChunk chunk : chunks) {
            assertThat(chunk.format()).as(chunk.streamId()).isEqualTo(format);
            ByteArrayOutputStream before =
                    streams.computeIfAbsent(chunk.streamId(), streamId -> new ByteArrayOutputStream());
            if (!isEnd(chunk)) {
                assertThat(chunk.position())
                        .as("position of a record of " + chunk.streamId())
                        .isEqualTo(before.size() / format.bytesPerSample());
                before.writeBytes(chunk.pcm());
            }
        }
        Map<String, byte[]> pcm = new LinkedHashMap<>();
        streams.forEach((streamId, bytes) -> pcm.put(streamId, bytes.toByteArray()));
        return pcm;
    }

    /** Demands that all chunks but the last of each stream are whole, of so many samples. */
    static void assertWhole(List<PcmChunk> chunks, long samples) {
        Map<String, PcmChunk> last = new LinkedHashMap<>();
        for (PcmChunk chunk : chunks) {
            PcmChunk before = isEnd(chunk) ? null : last.put(chunk.streamId(), chunk);
            if (before != null) {
                assertThat(before.sampleCount())
                        .as("samples of a chunk of %s", chunk.streamId())
                        .isEqualTo(samples);
            }
        }
        assertThat(last.values()).allSatisfy(chunk -> {
            assertThat(chunk.position() % samples).isZero();
            assertThat(chunk.sampleCount()).isBetween(1L, samples);
        });
    }

    private static boolean isEnd(PcmChunk chunk) {
        return chunk.outcome().filter(Outcome.END::equals).isPresent();
    }

    /** Demands that these streams, and no others, are what a direct decode of their packets gives. */
    static void assertDecoded(Map<String, byte[]> pcm, List<TestStream> streams, PcmFormat format) {
        assertThat(pcm.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        streams.stream().map(TestStream::name).toList());
        for (TestStream stream : streams) {
            assertSame(stream.name(), pcm.get(stream.name()), ReferenceDecoder.decode(format, 0, stream.packets()));
        }
    }

    /** Demands the same bytes; the message does not print them. */
    static void assertSame(String what, byte[] pcm, byte[] expected) {
        assertThat(pcm.length).as("length of %s, in bytes", what).isEqualTo(expected.length);
        assertThat(Arrays.mismatch(pcm, expected))
                .as("the first byte in which %s differs", what)
                .isEqualTo(-1);
    }
}
