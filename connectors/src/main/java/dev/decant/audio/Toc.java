package dev.decant.audio;

/**
 * The first byte of a packet, its table of contents (RFC 6716, section 3.1): what every frame in the packet is, and how
 * the frames are counted.
 *
 * @param config 0 to 31: mode, bandwidth and frame length in one number
 * @param mode which of Opus' coders made the frames
 * @param bandwidth of the frames
 * @param frameTicks length of one frame, 48 kHz ticks: 120 (2.5 ms) to 2,880 (60 ms)
 * @param stereo whether the frames are stereo; a stream may change that from packet to packet
 * @param code how the frames are counted: 0: one; 1: two of one size; 2: two; 3: the next byte says
 */
public record Toc(int config, Mode mode, Bandwidth bandwidth, int frameTicks, boolean stereo, int code) {

    /** Which coder made a frame. */
    public enum Mode {
        SILK,
        /** SILK below 8 kHz, CELT above. */
        HYBRID,
        CELT
    }

    /** What a frame can carry, from 0 Hz up to {@link #hz()} (RFC 6716, table 1). */
    public enum Bandwidth {
        NARROWBAND("NB", 4_000),
        MEDIUMBAND("MB", 6_000),
        WIDEBAND("WB", 8_000),
        SUPER_WIDEBAND("SWB", 12_000),
        FULLBAND("FB", 20_000);

        private final String label;
        private final int hz;

        Bandwidth(String label, int hz) {
            this.label = label;
            this.hz = hz;
        }

        /** The RFC's abbreviation: NB, MB, WB, SWB or FB. */
        public String label() {
            return label;
        }

        /** The upper edge in Hz. */
        public int hz() {
            return hz;
        }
    }

    private static final int[] SILK_TICKS = {480, 960, 1_920, 2_880};
    private static final int[] HYBRID_TICKS = {480, 960};
    private static final int[] CELT_TICKS = {120, 240, 480, 960};

    private static final Toc[] ALL = new Toc[256];

    static {
        for (int octet = 0; octet < ALL.length; octet++) {
            ALL[octet] = read(octet);
        }
    }

    /** What that first byte of a packet says; every byte says something. Never allocates. */
    public static Toc of(byte first) {
        return ALL[first & 0xFF];
    }

    /** RFC 6716, table 2. */
    private static Toc read(int octet) {
        int config = octet >> 3;
        boolean stereo = (octet & 0b100) != 0;
        int code = octet & 0b11;
        if (config < 12) {
            Bandwidth bandwidth = Bandwidth.values()[config / 4];
            return new Toc(config, Mode.SILK, bandwidth, SILK_TICKS[config % 4], stereo, code);
        }
        if (config < 16) {
            Bandwidth bandwidth = config < 14 ? Bandwidth.SUPER_WIDEBAND : Bandwidth.FULLBAND;
            return new Toc(config, Mode.HYBRID, bandwidth, HYBRID_TICKS[config % 2], stereo, code);
        }
        // CELT has no mediumband.
        Bandwidth bandwidth = config < 20 ? Bandwidth.NARROWBAND : Bandwidth.values()[config / 4 - 3];
        return new Toc(config, Mode.CELT, bandwidth, CELT_TICKS[config % 4], stereo, code);
    }
}
