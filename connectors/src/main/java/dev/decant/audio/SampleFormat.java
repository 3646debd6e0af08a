package dev.decant.audio;

/** How one sample is written: always little-endian. */
public enum SampleFormat {
    /** 16-bit integer, from libopus' int16 API, soft-clipped as libopus does. */
    S16LE("s16le", 2),
    /** 24-bit integer: the float sample × 2^23, rounded to even, clamped. */
    S24LE("s24le", 3),
    /** 32-bit float, unclipped; full scale is ±1. */
    F32LE("f32le", 4);

    private final String label;
    private final int bytes;

    SampleFormat(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** The name in options and in Kafka's {@code pcm.format} header. */
    public String label() {
        return label;
    }

    /** Bytes a sample. */
    public int bytes() {
        return bytes;
    }

    /**
     * The format with that label.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static SampleFormat of(String label) {
        for (SampleFormat format : values()) {
            if (format.label.equals(label)) {
                return format;
            }
        }
        throw new IllegalArgumentException("\"" + label + "\" is no sample format: take s16le, s24le or f32le");
    }

    @Override
    public String toString() {
        return label;
    }
}
