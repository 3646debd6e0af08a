package dev.decant.opus;

import java.util.zip.CRC32C;

/** Where images are put together and taken apart: one for each thread, since an image takes microseconds. */
final class ImageBuffer {
    private final CRC32C checksum = new CRC32C();
    private long[] state = {};
    private long[] squeezed = {};

    /** The words of a state; as many as were asked for, or more. */
    long[] state(int words) {
        if (state.length < words) {
            state = new long[words];
        }
        return state;
    }

    /** Room for that many words, or more. */
    long[] squeezed(int words) {
        if (squeezed.length < words) {
            squeezed = new long[words];
        }
        return squeezed;
    }

    /** Of the first {@code length} bytes. */
    int checksum(byte[] bytes, int length) {
        checksum.reset();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
