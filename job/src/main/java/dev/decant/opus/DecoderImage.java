package dev.decant.opus;

import java.util.Arrays;
import java.util.Objects;

/**
 * The memory of a decoder at one moment, in a form that does not depend on where anything lies: another decoder of the
 * same library, in this process or another, goes on from it bit by bit. Only {@link OpusEngine#restoreDecoder} looks into
 * it; to everybody else it is a piece of bytes to be kept.
 */
public final class DecoderImage {
    private final byte[] bytes;

    private DecoderImage(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The image that {@link #toBytes} gave.
     *
     * @param bytes not to be changed afterwards
     */
    public static DecoderImage ofBytes(byte[] bytes) {
        return new DecoderImage(Objects.requireNonNull(bytes, "bytes"));
    }

    /** All of it, versioned and with a checksum; not to be changed. */
    public byte[] toBytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DecoderImage image && Arrays.equals(bytes, image.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
