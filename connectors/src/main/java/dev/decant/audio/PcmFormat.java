package dev.decant.audio;

/**
 * The shape of PCM: interleaved samples, in Opus channel order (RFC 7845, section 5.1.1).
 *
 * @param sampleFormat how one sample is written
 * @param rate samples a second and channel: 8,000, 12,000, 16,000, 24,000 or 48,000 (what libopus decodes to)
 * @param channels 1 to 255
 * @param order what the channels mean
 */
public record PcmFormat(SampleFormat sampleFormat, int rate, int channels, ChannelOrder order) {
    /** There are loudspeakers for so many channels. */
    private static final int MAX_SPEAKERS = 8;

    public PcmFormat {
        requireRate(rate);
        if (channels < 1 || channels > 255) {
            throw new IllegalArgumentException(channels + " channels: take 1 to 255");
        }
        if (order == ChannelOrder.SPEAKERS && channels > MAX_SPEAKERS) {
            throw new IllegalArgumentException(channels + " channels: there are speakers for at most " + MAX_SPEAKERS);
        }
    }

    /** The format of PCM of which no more is known ({@link ChannelOrder#usual}). */
    public PcmFormat(SampleFormat sampleFormat, int rate, int channels) {
        this(sampleFormat, rate, channels, ChannelOrder.usual(channels));
    }

    /**
     * @throws IllegalArgumentException if libopus cannot decode to {@code rate}
     */
    public static void requireRate(int rate) {
        // Not a set of numbers: that would box the rate of each frame that is read.
        switch (rate) {
            case 8_000, 12_000, 16_000, 24_000, 48_000 -> {
                // What libopus has.
            }
            default ->
                throw new IllegalArgumentException(
                        "Opus cannot be decoded to " + rate + " Hz: take 8000, 12000, 16000, 24000 or 48000");
        }
    }

    /** Bytes of one sample of every channel. */
    public int bytesPerSample() {
        return sampleFormat.bytes() * channels;
    }

    /** 48 kHz ticks from one sample to the next: 1, 2, 3, 4 or 6. */
    public int ticksPerSample() {
        return MediaClock.HZ / rate;
    }

    /**
     * How many samples a channel lie in the {@code ticks} from 0: sample n stands at tick n × {@link #ticksPerSample()},
     * so that is ⌈ticks / ticksPerSample⌉. A span of ticks holds the samples from {@code samples(start)} to
     * {@code samples(end)}, end excluded.
     *
     * @param ticks 48 kHz ticks, not negative
     */
    public long samples(long ticks) {
        int ticksPerSample = ticksPerSample();
        return (ticks + ticksPerSample - 1) / ticksPerSample;
    }

    /** The length of {@code samples} a channel in seconds. */
    public double seconds(long samples) {
        return samples / (double) rate;
    }
}
