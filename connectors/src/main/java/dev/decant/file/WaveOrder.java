package dev.decant.file;

import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmFormat;

/**
 * The order in which a WAV file has its channels, which is that of the bits in its mask of speakers ("Multiple Channel
 * Audio Data and WAVE Files", Microsoft 2007); Opus has another one (RFC 7845, section 5.1.1.2).
 */
final class WaveOrder {
    private static final int FRONT_LEFT = 0x1;
    private static final int FRONT_RIGHT = 0x2;
    private static final int FRONT_CENTER = 0x4;
    private static final int LOW_FREQUENCY = 0x8;
    private static final int BACK_LEFT = 0x10;
    private static final int BACK_RIGHT = 0x20;
    private static final int BACK_CENTER = 0x100;
    private static final int SIDE_LEFT = 0x200;
    private static final int SIDE_RIGHT = 0x400;

    /** "No particular speakers." */
    private static final int NO_SPEAKERS = 0;

    /** The speakers of Opus' channels, by their number. */
    private static final int[][] OPUS = {
        {},
        {FRONT_CENTER},
        {FRONT_LEFT, FRONT_RIGHT},
        {FRONT_LEFT, FRONT_CENTER, FRONT_RIGHT},
        {FRONT_LEFT, FRONT_RIGHT, BACK_LEFT, BACK_RIGHT},
        {FRONT_LEFT, FRONT_CENTER, FRONT_RIGHT, BACK_LEFT, BACK_RIGHT},
        {FRONT_LEFT, FRONT_CENTER, FRONT_RIGHT, BACK_LEFT, BACK_RIGHT, LOW_FREQUENCY},
        {FRONT_LEFT, FRONT_CENTER, FRONT_RIGHT, SIDE_LEFT, SIDE_RIGHT, BACK_CENTER, LOW_FREQUENCY},
        {FRONT_LEFT, FRONT_CENTER, FRONT_RIGHT, SIDE_LEFT, SIDE_RIGHT, BACK_LEFT, BACK_RIGHT, LOW_FREQUENCY}
    };

    private static final WaveOrder UNPOSITIONED = new WaveOrder(new int[0]);
    private static final WaveOrder[] BY_CHANNELS = new WaveOrder[OPUS.length];

    static {
        for (int channels = 0; channels < OPUS.length; channels++) {
            BY_CHANNELS[channels] = new WaveOrder(OPUS[channels]);
        }
    }

    private final int mask;
    /** For each channel of the file the channel of Opus that it takes. */
    private final int[] sources;

    private final boolean changes;

    private WaveOrder(int[] speakers) {
        int bits = NO_SPEAKERS;
        sources = new int[speakers.length];
        boolean inOrder = true;
        for (int channel = 0; channel < speakers.length; channel++) {
            int place = 0;
            for (int speaker : speakers) {
                place += speaker < speakers[channel] ? 1 : 0;
            }
            sources[place] = channel;
            inOrder &= place == channel;
            bits |= speakers[channel];
        }
        mask = bits;
        changes = !inOrder;
    }

    /** The order for samples of that shape; as they come, where they belong to no speakers. */
    static WaveOrder of(PcmFormat format) {
        return format.order() == ChannelOrder.SPEAKERS ? BY_CHANNELS[format.channels()] : UNPOSITIONED;
    }

    /** The speakers, a bit each. */
    int mask() {
        return mask;
    }

    /** Whether it is another order than that of Opus. */
    boolean changes() {
        return changes;
    }

    /**
     * Copies samples, put into this order.
     *
     * @param count samples a channel
     * @param bytes of one sample of one channel
     */
    void copy(byte[] from, int at, byte[] to, int toAt, int count, int bytes) {
        int stride = sources.length * bytes;
        int out = toAt;
        for (int sample = at; sample < at + count * stride; sample += stride) {
            for (int source : sources) {
                int in = sample + source * bytes;
                for (int i = 0; i < bytes; i++) {
                    to[out++] = from[in++];
                }
            }
        }
    }
}
