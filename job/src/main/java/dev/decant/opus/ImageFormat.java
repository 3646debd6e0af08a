package dev.decant.opus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * The bytes of an image, version 1, all numbers little-endian:
 *
 * <pre>
 *  0  1 byte    version
 *  1  1 byte    complexity, 0 to 10
 *  2  1 byte    phase inversion, 0 or 1
 *  3  1 byte    0
 *  4  4 bytes   gain, 1/256 dB
 *  8  8 bytes   features of the CPU, {@link CpuFeatures}
 * 16 32 bytes   fingerprint: what decoder the image is of
 * 48  8 bytes   a word for every 64 words of the state: bit i is set if word i is not 0
 *     8 bytes   each word of the state that is not 0, addresses relative to the library
 *     4 bytes   CRC-32C of all that comes before
 * </pre>
 *
 * A third of a state is zeros, and nine tenths where a library has neural extensions.
 */
final class ImageFormat {
    static final int FINGERPRINT_BYTES = 32;

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 48;
    private static final int FINGERPRINT_AT = 16;
    private static final int CHECKSUM_BYTES = Integer.BYTES;

    private ImageFormat() {}

    /**
     * @param words the number of words of the state, which the buffer holds; its addresses relative to the library
     */
    static byte[] write(ImageHeader header, byte[] fingerprint, int words, ImageBuffer buffer) {
        int squeezedWords = squeeze(buffer.state(words), words, buffer.squeezed(squeezedRoom(words)));
        byte[] image = new byte[HEADER_BYTES + squeezedWords * Long.BYTES + CHECKSUM_BYTES];
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(0, VERSION);
        bytes.put(1, (byte) header.complexity());
        bytes.put(2, (byte) (header.phaseInversion() ? 1 : 0));
        bytes.putInt(4, header.gain());
        bytes.putLong(8, header.cpu().bits());
        bytes.put(FINGERPRINT_AT, fingerprint);
        bytes.position(HEADER_BYTES).asLongBuffer().put(0, buffer.squeezed(0), 0, squeezedWords);
        int end = image.length - CHECKSUM_BYTES;
        bytes.putInt(end, buffer.checksum(image, end));
        return image;
    }

    /**
     * Puts the state into the buffer.
     *
     * @param fingerprint that the image must have
     * @param words the number of words of the state
     * @return empty if the image is of another version or decoder, or damaged; what the buffer holds then is of no worth
     */
    static Optional<ImageHeader> read(byte[] image, byte[] fingerprint, int words, ImageBuffer buffer) {
        int squeezedBytes = image.length - HEADER_BYTES - CHECKSUM_BYTES;
        if (squeezedBytes < bitmapWords(words) * Long.BYTES
                || squeezedBytes > squeezedRoom(words) * Long.BYTES
                || squeezedBytes % Long.BYTES != 0
                || image[0] != VERSION
                || image[3] != 0
                || !Arrays.equals(image, FINGERPRINT_AT, HEADER_BYTES, fingerprint, 0, FINGERPRINT_BYTES)) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        int end = image.length - CHECKSUM_BYTES;
        if (bytes.getInt(end) != buffer.checksum(image, end)) {
            return Optional.empty();
        }
        int complexity = image[1];
        int phaseInversion = image[2];
        int gain = bytes.getInt(4);
        if (complexity < 0 || complexity > 10 || (phaseInversion & ~1) != 0 || gain != (short) gain) {
            return Optional.empty();
        }
        long[] squeezed = buffer.squeezed(squeezedRoom(words));
        int squeezedWords = squeezedBytes / Long.BYTES;
        bytes.position(HEADER_BYTES).asLongBuffer().get(0, squeezed, 0, squeezedWords);
        if (!expand(squeezed, squeezedWords, buffer.state(words), words)) {
            return Optional.empty();
        }
        return Optional.of(new ImageHeader(gain, complexity, phaseInversion == 1, new CpuFeatures(bytes.getLong(8))));
    }

    /** The bitmap, then the words that are not 0; returns the number of both. */
    private static int squeeze(long[] state, int words, long[] squeezed) {
        int to = bitmapWords(words);
        for (int from = 0, block = 0; from < words; from += Long.SIZE, block++) {
            int end = Math.min(words, from + Long.SIZE);
            long bitmap = 0;
            // No branch: whether a word of a decoder's state is 0 cannot be foreseen.
            for (int i = from; i < end; i++) {
                long word = state[i];
                long isSet = (word | -word) >>> (Long.SIZE - 1);
                bitmap |= isSet << i;
                squeezed[to] = word;
                to += (int) isSet;
            }
            squeezed[block] = bitmap;
        }
        return to;
    }

    /** Whether the bitmap and the number of words agree; if not, nothing was done. */
    private static boolean expand(long[] squeezed, int squeezedWords, long[] state, int words) {
        int from = bitmapWords(words);
        int count = 0;
        for (int block = 0; block < from; block++) {
            count += Long.bitCount(squeezed[block]);
        }
        boolean beyondTheEnd = words % Long.SIZE != 0 && squeezed[from - 1] >>> words != 0;
        if (from + count != squeezedWords || beyondTheEnd) {
            return false;
        }
        for (int i = 0; i < words; i++) {
            long isSet = squeezed[i / Long.SIZE] >>> i & 1;
            state[i] = squeezed[from] & -isSet;
            from += (int) isSet;
        }
        return true;
    }

    private static int bitmapWords(int words) {
        return (words + Long.SIZE - 1) / Long.SIZE;
    }

    /** With one word to spare, which squeezing and expanding touch without need. */
    private static int squeezedRoom(int words) {
        return bitmapWords(words) + words + 1;
    }
}
