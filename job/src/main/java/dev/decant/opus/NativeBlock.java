package dev.decant.opus;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A block of memory outside the heap: aligned to {@value #ALIGNMENT} bytes, zeroed, between guard words that tell whether
 * somebody wrote past its ends. It does not move, and {@link #close()} alone frees it; nothing can be had of it afterwards.
 */
final class NativeBlock implements AutoCloseable {
    /** A cache line, and more than any vector instruction of libopus asks for. */
    static final int ALIGNMENT = 64;

    /** Bytes of one of the two guards; the first keeps the alignment of what follows. */
    static final int GUARD = 64;

    /** What a block takes besides what was asked for. */
    static final int OVERHEAD = 2 * GUARD + ALIGNMENT - 1;

    private static final Logger LOG = LoggerFactory.getLogger(NativeBlock.class);
    private static final long GUARD_WORD = 0xDEC0_DED0_B10C_E4D5L;

    private final int size;
    private final AtomicLong liveBytes;
    private final long guardWord;
    private long allocation;
    private long address;
    /** From the first guard to the end of the last. */
    private ByteBuffer guarded;

    private ByteBuffer bytes;
    private boolean overwritten;

    /**
     * @param size bytes
     * @param liveBytes the account that this block's bytes are on until it is closed
     * @throws OpusException {@code ALLOC_FAIL} if memory is short
     */
    NativeBlock(int size, AtomicLong liveBytes) {
        this.size = size;
        this.liveBytes = liveBytes;
        allocation = Native.malloc((long) size + OVERHEAD);
        if (allocation == 0) {
            throw new OpusException(OpusError.ALLOC_FAIL, size + " bytes outside the heap cannot be had");
        }
        liveBytes.addAndGet(size + OVERHEAD);
        address = (allocation + GUARD + ALIGNMENT - 1) & -ALIGNMENT;
        // Of no other block, so that an old guard in memory used again is not taken for this one's.
        guardWord = GUARD_WORD ^ address;
        Pointer start = new Pointer(address - GUARD);
        start.clear(GUARD + size + GUARD);
        guarded = start.getByteBuffer(0, GUARD + size + GUARD).order(ByteOrder.LITTLE_ENDIAN);
        bytes = guarded.slice(GUARD, size).order(ByteOrder.LITTLE_ENDIAN);
        writeGuards();
    }

    /** Where the block begins; the same as long as it lives. */
    long address() {
        requireOpen();
        return address;
    }

    int size() {
        return size;
    }

    /** The block, little-endian; not to be kept, since it must not outlive the block. Use absolute positions. */
    ByteBuffer bytes() {
        requireOpen();
        return bytes;
    }

    /** How many words of 8 bytes hold the block; the last may reach beyond its end. */
    int words() {
        return (size + Long.BYTES - 1) / Long.BYTES;
    }

    /** Copies the block into the first {@link #words()} words; what lies beyond its end is 0. */
    void getWords(long[] words) {
        requireOpen();
        int whole = size / Long.BYTES;
        bytes.asLongBuffer().get(0, words, 0, whole);
        if (whole < words()) {
            words[whole] = 0;
            for (int i = size - 1; i >= whole * Long.BYTES; i--) {
                words[whole] = words[whole] << Byte.SIZE | Byte.toUnsignedLong(bytes.get(i));
            }
        }
    }

    /** Overwrites the block with the first {@link #words()} words. */
    void putWords(long[] words) {
        requireOpen();
        int whole = size / Long.BYTES;
        bytes.asLongBuffer().put(0, words, 0, whole);
        for (int i = whole * Long.BYTES; i < size; i++) {
            bytes.put(i, (byte) (words[whole] >>> Byte.SIZE * (i % Long.BYTES)));
        }
    }

    /** A checksum of the block. */
    int checksum(CRC32C checksum) {
        requireOpen();
        checksum.reset();
        checksum.update(bytes);
        // All else here takes the block from its beginning.
        bytes.clear();
        return (int) checksum.getValue();
    }

    /** Whether both guards are as they were written. */
    boolean isIntact() {
        requireOpen();
        long difference = 0;
        for (int i = 0; i < GUARD; i += Long.BYTES) {
            difference |= guarded.getLong(i) ^ guardWord;
            difference |= guarded.getLong(GUARD + size + i) ^ guardWord;
        }
        overwritten |= difference != 0;
        return difference == 0;
    }

    /** Writes the guards anew, for a block whose contents are of no worth after a call. */
    void mendGuards() {
        requireOpen();
        writeGuards();
    }

    /** Frees the block. Closing twice does nothing. */
    @Override
    public void close() {
        if (allocation == 0) {
            return;
        }
        if (!isIntact() || overwritten) {
            // Beyond the guards lie malloc's own words: with those damaged, free() would abort the process.
            LOG.warn("{} bytes outside the heap are given up, since their guards were overwritten", size + OVERHEAD);
        } else {
            Native.free(allocation);
        }
        liveBytes.addAndGet(-(size + OVERHEAD));
        allocation = 0;
        address = 0;
        guarded = null;
        bytes = null;
    }

    private void writeGuards() {
        for (int i = 0; i < GUARD; i += Long.BYTES) {
            guarded.putLong(i, guardWord);
            guarded.putLong(GUARD + size + i, guardWord);
        }
    }

    private void requireOpen() {
        if (allocation == 0) {
            throw new IllegalStateException("This memory was freed");
        }
    }
}
