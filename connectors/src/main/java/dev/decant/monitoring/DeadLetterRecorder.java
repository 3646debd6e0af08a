package dev.decant.monitoring;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the dead letters of an operator, and names each in the log as long as they do not come in floods. */
public final class DeadLetterRecorder implements AutoCloseable {
    /** Of each operator that gives records up. */
    public static final DecantMetric DEAD_LETTERS =
            DecantMetric.counterBy("reason", Reason.class, "deadLetters", "records", "Records and packets given up");

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterRecorder.class);

    /** As many as a stream ID may have; what is longer is none. */
    private static final int MOST_KEY_BYTES = 512;

    private final Counter[] counters;
    /** By reason: a flood of late packets must not hide the one that crashed a decoder. */
    private final Map<Reason, LimitedLog> logs;

    public DeadLetterRecorder(MetricGroup operator) {
        this(operator, DeadLetterRecorder::log);
    }

    /** @param log where the lines of a reason go */
    DeadLetterRecorder(MetricGroup operator, Function<Reason, Consumer<String>> log) {
        counters = DEAD_LETTERS.registerCounters(operator);
        logs = Arrays.stream(Reason.values())
                .collect(Collectors.toMap(
                        reason -> reason, reason -> new LimitedLog("dead letters " + reason, log.apply(reason))));
    }

    public void record(DeadLetter letter) {
        counters[letter.reason().ordinal()].inc();
        logs.get(letter.reason()).write(() -> line(letter));
    }

    /** Says of each reason how many were not shown. */
    @Override
    public void close() {
        logs.values().forEach(LimitedLog::close);
    }

    /** What networks do to packets is nobody's mistake; all else is worth a look. */
    private static Consumer<String> log(Reason reason) {
        return switch (reason) {
            case LATE_PACKET, STRAY_PACKET, OTHER_SSRC -> LOG::info;
            default -> LOG::warn;
        };
    }

    private static String line(DeadLetter letter) {
        return "Dead letter " + letter.reason() + ", stream " + key(letter.key()) + ", " + letter.origin() + ": "
                + letter.message();
    }

    private static String key(byte[] key) {
        if (key == null) {
            return "(no key)";
        }
        int shown = Math.min(key.length, MOST_KEY_BYTES);
        return "\"" + new String(key, 0, shown, StandardCharsets.UTF_8) + (shown < key.length ? "…\"" : "\"");
    }
}
