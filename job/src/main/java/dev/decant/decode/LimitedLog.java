package dev.decant.decode;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Warnings of which there may be one for each of a million streams: the first of each minute are written, the others counted. */
final class LimitedLog {
    static final int MOST_A_MINUTE = 10;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private final LongSupplier clock;
    private long minuteStart;
    private int written;
    private long omitted;

    /**
     * @param clock nanoseconds, as of {@link System#nanoTime}
     */
    LimitedLog(Logger log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
        minuteStart = clock.getAsLong();
    }

    /**
     * @param format as of the logger
     */
    void warn(String format, Object... arguments) {
        long now = clock.getAsLong();
        if (now - minuteStart >= MINUTE) {
            writeOmitted();
            minuteStart = now;
            written = 0;
        }
        if (written < MOST_A_MINUTE) {
            written++;
            log.warn(format, arguments);
        } else {
            omitted++;
        }
    }

    /** Says how many were left out, if any were. */
    void writeOmitted() {
        if (omitted > 0) {
            log.warn("{} more such warnings were left out", omitted);
            omitted = 0;
        }
    }
}
