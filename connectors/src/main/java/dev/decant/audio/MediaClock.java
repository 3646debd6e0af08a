package dev.decant.audio;

/**
 * The clock of all media time: 48,000 ticks a second, whatever rate the PCM has (RFC 7845, section 4; RFC 7587, section
 * 4.1).
 */
public final class MediaClock {
    /** Ticks a second. */
    public static final int HZ = 48_000;

    /** Ticks a millisecond. */
    public static final int TICKS_PER_MILLI = HZ / 1_000;

    /** The longest packet: 120 ms (RFC 6716, section 3.2.5, R5). */
    public static final int MAX_PACKET_TICKS = 5_760;

    /** The step of every duration that libopus can decode, conceal or recover: 2.5 ms. */
    public static final int STEP_TICKS = 120;

    /** What a packet lasts when nothing tells: 20 ms, the default of every known encoder. */
    public static final int USUAL_PACKET_TICKS = 960;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private MediaClock() {}

    /** The ticks of {@code nanoseconds}, rounded to the nearest. */
    public static long ofNanos(long nanoseconds) {
        long fraction = Math.floorMod(nanoseconds, NANOS_PER_MILLI) * TICKS_PER_MILLI;
        return Math.floorDiv(nanoseconds, NANOS_PER_MILLI) * TICKS_PER_MILLI
                + (fraction + NANOS_PER_MILLI / 2) / NANOS_PER_MILLI;
    }

    /** The length of {@code ticks} in seconds. */
    public static double seconds(long ticks) {
        return ticks / (double) HZ;
    }
}
