package dev.decant.bench;

import java.util.List;

/**
 * What is decoded: the three modes of Opus (RFC 6716, section 3.1) at the rates that speech and music are sent at, in packets
 * of one 20 ms frame; and the shortest and the longest packets there are.
 */
enum Mix {
    SILK("SILK wideband, 16 kbit/s, mono", 1, 16_000, Encoder.SILK_ONLY, Encoder.WIDEBAND, 9, 960),
    HYBRID("hybrid fullband, 24 kbit/s, mono", 1, 24_000, Encoder.HYBRID, Encoder.FULLBAND, 15, 960),
    CELT("CELT fullband, 96 kbit/s, stereo", 2, 96_000, Encoder.CELT_ONLY, Encoder.FULLBAND, 31, 960),
    CELT_2_5_MS("CELT fullband, 96 kbit/s, stereo, 2.5 ms", 2, 96_000, Encoder.CELT_ONLY, Encoder.FULLBAND, 28, 120),
    SILK_120_MS("SILK wideband, 16 kbit/s, mono, 120 ms", 1, 16_000, Encoder.SILK_ONLY, Encoder.WIDEBAND, 11, 5_760);

    static final List<Mix> OF_20_MS = List.of(SILK, HYBRID, CELT);

    private final String description;
    private final int channels;
    private final int bitrate;
    private final int encoderMode;
    private final int encoderBandwidth;
    private final int tocConfiguration;
    private final int packetSamples;

    Mix(
            String description,
            int channels,
            int bitrate,
            int encoderMode,
            int encoderBandwidth,
            int tocConfiguration,
            int packetSamples) {
        this.description = description;
        this.channels = channels;
        this.bitrate = bitrate;
        this.encoderMode = encoderMode;
        this.encoderBandwidth = encoderBandwidth;
        this.tocConfiguration = tocConfiguration;
        this.packetSamples = packetSamples;
    }

    String description() {
        return description;
    }

    int channels() {
        return channels;
    }

    /** Bits a second. */
    int bitrate() {
        return bitrate;
    }

    int encoderMode() {
        return encoderMode;
    }

    int encoderBandwidth() {
        return encoderBandwidth;
    }

    /** Of a packet, samples a channel at 48 kHz. */
    int packetSamples() {
        return packetSamples;
    }

    /** Whether a packet with this first byte is of this kind: configuration and stereo; the number of frames may vary. */
    boolean hasToc(byte toc) {
        return (toc & 0xff) >> 2 == (tocConfiguration << 1 | (channels == 2 ? 1 : 0));
    }

    /** Speech for what is made for speech, else music. */
    short[] sound(int seconds) {
        return encoderMode == Encoder.CELT_ONLY ? Sound.music(seconds) : Sound.speech(seconds);
    }
}
