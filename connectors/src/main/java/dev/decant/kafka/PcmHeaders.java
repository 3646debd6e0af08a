package dev.decant.kafka;

/**
 * The headers of a PCM record, always there unless it says otherwise, values ASCII text. The record's key is the stream ID,
 * its value the interleaved samples; an empty value stands for {@link #SAMPLES} of silence (or for none), a null value ends
 * the stream.
 */
public final class PcmHeaders {
    /** {@code s16le}, {@code s24le} or {@code f32le}. */
    public static final String FORMAT = "pcm.format";

    /** Samples a second and channel, decimal. */
    public static final String RATE = "pcm.rate";

    /** Channels, decimal. */
    public static final String CHANNELS = "pcm.channels";

    /**
     * What the channels are: {@code speakers} of mapping family 1 (RFC 7845, section 5.1.1.2), or {@code unpositioned}:
     * ambisonics, or channels without a meaning. Not there where it is mono or stereo that has speakers.
     */
    public static final String CHANNEL_ORDER = "pcm.channel-order";

    /** Samples a channel, decimal. */
    public static final String SAMPLES = "pcm.samples";

    /** Counts up from 0 whenever the stream starts anew, decimal. */
    public static final String SEGMENT = "pcm.segment";

    /** Index of the first sample within the segment, at the rate of {@link #RATE}, decimal. */
    public static final String POSITION = "pcm.position";

    /**
     * {@code decoded}, {@code fec}, {@code concealed}, {@code comfort-noise}, {@code filled}, {@code rejected} or
     * {@code end}; in a chunk whose samples came about in different ways, {@code mixed}.
     */
    public static final String OUTCOME = "pcm.outcome";

    /**
     * Of chunks only (see {@link PcmChunks}), which have it always: how their samples came about, in order, each run with
     * its samples a channel: {@code decoded:15680,concealed:320}. The sum is {@link #SAMPLES}. Within a chunk that has
     * other samples too, those that are {@code filled} stand in the value as zeros.
     */
    public static final String ORIGINS = "pcm.origins";

    private PcmHeaders() {}
}
