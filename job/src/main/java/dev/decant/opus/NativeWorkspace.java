package dev.decant.opus;

import dev.decant.audio.MediaClock;
import dev.decant.audio.PacketFraming;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/** A packet's bytes on their way in and its samples on their way out, outside the heap. */
final class NativeWorkspace extends ConfinedWorkspace {
    private final Runnable onClose;
    private final NativeBlock input;
    private final NativeBlock output;
    private final CRC32C checksum = new CRC32C();
    private final ImageBuffer imageBuffer = new ImageBuffer();

    /**
     * @param liveBytes the account of the engine
     * @param onClose what the engine wants done after the buffers are freed
     */
    NativeWorkspace(int maxStreams, int maxChannels, AtomicLong liveBytes, Runnable onClose) {
        super(maxStreams, maxChannels);
        this.onClose = onClose;
        input = new NativeBlock(inputBytes(maxStreams), liveBytes);
        try {
            output = new NativeBlock(outputBytes(maxChannels), liveBytes);
        } catch (RuntimeException e) {
            input.close();
            throw e;
        }
    }

    /** What a workspace takes outside the heap, guards included. */
    static long nativeBytes(int maxStreams, int maxChannels) {
        return (long) inputBytes(maxStreams) + outputBytes(maxChannels) + 2 * NativeBlock.OVERHEAD;
    }

    NativeBlock input() {
        return input;
    }

    NativeBlock output() {
        return output;
    }

    /** For the images of the decoders that use this workspace. */
    ImageBuffer imageBuffer() {
        return imageBuffer;
    }

    /** Takes checksums of the states of the decoders that use this workspace. */
    CRC32C checksum() {
        return checksum;
    }

    /** Whether the guards are sound. Those that are not are mended, since nothing here outlives a call. */
    boolean isIntact() {
        boolean intact = input.isIntact() & output.isIntact();
        if (!intact) {
            input.mendGuards();
            output.mendGuards();
        }
        return intact;
    }

    @Override
    void free() {
        input.close();
        output.close();
        onClose.run();
    }

    private static int inputBytes(int maxStreams) {
        return maxStreams * PacketFraming.MAX_PACKET_BYTES;
    }

    private static int outputBytes(int maxChannels) {
        return MediaClock.MAX_PACKET_TICKS * maxChannels * Float.BYTES;
    }
}
