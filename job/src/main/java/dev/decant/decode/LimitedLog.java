package dev.decant.decode;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Lines of which there may be one for each of a million streams: the first of a minute are written, the others counted. */
final class LimitedLog {
    static final int MOST_A_MINUTE = 10;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Consumer<String> log;
    private final LongSupplier clock;
    private long minuteStart;
    private int written;
    private long omitted;

    /**
     * @param clock nanoseconds, as of {@link System#nanoTime}
     */
    LimitedLog(Consumer<String> log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
        minuteStart = clock.getAsLong();
    }

    /**
     * @param line made only if it is written
     */
    void warn(Supplier<String> line) {
        long now = clock.getAsLong();
        if (now - minuteStart >= MINUTE) {
            writeOmitted();
            minuteStart = now;
            written = 0;
        }
        if (written < MOST_A_MINUTE) {
            written++;
            log.accept(line.get());
        } else {
            omitted++;
        }
    }

    /** Says how many were left out, if any were. */
    void writeOmitted() {
        if (omitted > 0) {
            log.accept(omitted + " more such warnings were left out");
            omitted = 0;
        }
    }
}
