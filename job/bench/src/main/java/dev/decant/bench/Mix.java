package dev.decant.bench;

/**
 * What is decoded: the three modes of Opus (RFC 6716, section 3.1) at the rates that speech and music are sent at, all
 * in packets of one 20 ms frame.
 */
enum Mix {
    SILK("SILK wideband, 16 kbit/s, mono", 1, 16_000, Encoder.SILK_ONLY, Encoder.WIDEBAND, 9),
    HYBRID("hybrid fullband, 24 kbit/s, mono", 1, 24_000, Encoder.HYBRID, Encoder.FULLBAND, 15),
    CELT("CELT fullband, 96 kbit/s, stereo", 2, 96_000, Encoder.CELT_ONLY, Encoder.FULLBAND, 31);

    private final String description;
    private final int channels;
    private final int bitrate;
    private final int encoderMode;
    private final int encoderBandwidth;
    private final int tocConfiguration;

    Mix(String description, int channels, int bitrate, int encoderMode, int encoderBandwidth, int tocConfiguration) {
        this.description = description;
        this.channels = channels;
        this.bitrate = bitrate;
        this.encoderMode = encoderMode;
        this.encoderBandwidth = encoderBandwidth;
        this.tocConfiguration = tocConfiguration;
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

    /** The first byte of every packet: configuration, stereo, one frame. */
    byte toc() {
        return (byte) (tocConfiguration << 3 | (channels == 2 ? 4 : 0));
    }

    /** Speech for what is made for speech, else music. */
    short[] sound(int seconds) {
        return this == CELT ? Sound.music(seconds) : Sound.speech(seconds);
    }
}
