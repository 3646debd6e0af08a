package dev.decant.decode;

import dev.decant.audio.ChannelLayout;
import dev.decant.opus.OpusEngine;
import org.apache.flink.configuration.MemorySize;

/**
 * What decoding takes outside the heap, by the sizes that the library itself gives: how much so many decoders need, and
 * how many fit. All figures are bytes, with the guards and the alignment of each block; all are 0 for pure Java.
 *
 * @param monoBytes of a decoder that gives one channel
 * @param stereoBytes of a decoder that gives two
 * @param bufferBytes what the decoders of a subtask share: the buffers of plain decoders and the largest that
 *     {@code decoder.max-streams} allows
 */
public record NativeMemory(long monoBytes, long stereoBytes, long bufferBytes) {
    /**
     * What a process of isolated decoders takes besides those decoders and their buffers: a small JVM with JNA and the
     * library. Measured as the resident bytes of one that decodes ({@code NativeMemoryTest} does so again).
     */
    public static final MemorySize DECODER_PROCESS = MemorySize.ofMebiBytes(52);

    private static final long MEBIBYTE = 1 << 20;

    /**
     * @param maxStreams the most streams that a packet may hold
     */
    public static NativeMemory of(OpusEngine engine, int maxStreams) {
        return new NativeMemory(
                engine.nativeBytes(ChannelLayout.plain(1)),
                engine.nativeBytes(ChannelLayout.plain(2)),
                Workspaces.bytes(engine, maxStreams));
    }

    /** Whether there is anything outside the heap. */
    boolean isUsed() {
        return stereoBytes > 0;
    }

    /** What a subtask takes with so many decoders of one size. */
    public long ofSubtask(long decoders, long decoderBytes) {
        return bufferBytes + decoders * decoderBytes;
    }

    /** The task off-heap memory of a TaskManager whose slots each have so many decoders: whole mebibytes. */
    public MemorySize taskOffHeap(long decoders, long decoderBytes, int slots) {
        long bytes = slots * ofSubtask(decoders, decoderBytes);
        return MemorySize.ofMebiBytes((bytes + MEBIBYTE - 1) / MEBIBYTE);
    }

    /** What of a TaskManager's task off-heap memory is left for the decoders of one slot; may be less than 0. */
    public long forDecoders(MemorySize taskOffHeap, int slots) {
        return taskOffHeap.getBytes() / slots - bufferBytes;
    }
}
