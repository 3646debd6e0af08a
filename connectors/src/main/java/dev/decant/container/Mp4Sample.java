package dev.decant.container;

/**
 * Where a sample of a track is, which is a packet if the track is Opus.
 *
 * @param offset where it begins in the recording, in bytes; whatever the tables say, so that there may be nothing
 * @param bytes how long it is, 0 to 4,294,967,295
 * @param time when it begins, in units of the track's timescale
 * @param duration how long it lasts, in the same units; 0: not known
 */
record Mp4Sample(long offset, long bytes, long time, long duration) {
    /** Where sums and products of what tables say stop growing, so that they stay positive. */
    static final long MOST = 1L << 60;

    /** The sum of two numbers that are not negative, or {@link #MOST}. */
    static long plus(long first, long second) {
        return Math.min(MOST, Math.min(MOST, first) + Math.min(MOST, second));
    }

    /** The product of two numbers that are not negative, or {@link #MOST}. */
    static long times(long first, long second) {
        return first != 0 && second > MOST / first ? MOST : first * second;
    }
}
