package dev.decant.monitoring;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lines of one kind, of which there may be one for each of a million streams: the first of a minute are written, the others
 * counted. The next line after that minute, or {@link #close()}, says how many they were. What a line holds of others is
 * {@linkplain LogText escaped}. Belongs to one thread.
 */
public final class LimitedLog implements AutoCloseable {
    static final int MOST_A_MINUTE = 10;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final String kind;
    private final Consumer<String> log;
    private final LongSupplier clock;
    private long minuteStart;
    private int written;
    private long omitted;

    /**
     * @param kind what the lines tell of, in the plural: "dead letters"
     * @param log where they go
     */
    public LimitedLog(String kind, Consumer<String> log) {
        this(kind, log, System::nanoTime);
    }

    /**
     * @param clock nanoseconds, as of {@link System#nanoTime}
     */
    LimitedLog(String kind, Consumer<String> log, LongSupplier clock) {
        this.kind = kind;
        this.log = log;
        this.clock = clock;
        minuteStart = clock.getAsLong();
    }

    /**
     * @param line made only if it is written
     */
    public void write(Supplier<String> line) {
        long now = clock.getAsLong();
        if (now - minuteStart >= MINUTE) {
            close();
            minuteStart = now;
            written = 0;
        }
        if (written < MOST_A_MINUTE) {
            written++;
            log.accept(LogText.escaped(line.get()));
        } else {
            omitted++;
        }
    }

    /** Says how many lines were left out, if any were. */
    @Override
    public void close() {
        if (omitted > 0) {
            log.accept(omitted + " more " + kind + " are not shown: there were more than " + MOST_A_MINUTE
                    + " in a minute");
            omitted = 0;
        }
    }
}
