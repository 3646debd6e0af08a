package dev.decant.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.DeadLetter.Stage;
import dev.decant.audio.PacketOrigin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class DeadLetterRecorderTest {
    private final Map<String, Counter> counters = new TreeMap<>();
    private final List<String> lines = new ArrayList<>();
    private final DeadLetterRecorder recorder = new DeadLetterRecorder(new Registry(""), reason -> lines::add);

    @Test
    void countsByReasonAndNamesStreamAndRecord() {
        recorder.record(letter("alice", Reason.LATE_PACKET, "number 3 came when number 7 had been given out"));

        assertThat(counters.keySet())
                .isEqualTo(Stream.of(Reason.values())
                        .map(DeadLetterRecorder.DEAD_LETTERS::path)
                        .collect(Collectors.toSet()));
        counters.forEach((path, counter) -> assertThat(counter.getCount())
                .as(path)
                .isEqualTo(path.equals(DeadLetterRecorder.DEAD_LETTERS.path(Reason.LATE_PACKET)) ? 1 : 0));
        assertThat(lines)
                .containsExactly(
                        "Dead letter LATE_PACKET, stream \"alice\", packets-3@1234: number 3 came when number 7"
                                + " had been given out");
    }

    @Test
    void aFloodOfOneReasonHidesNoOther() {
        for (int i = 0; i < 1_000; i++) {
            recorder.record(letter("alice", Reason.LATE_PACKET, "late"));
        }
        recorder.record(letter("bob", Reason.CRASHED_DECODER, "SIGSEGV"));
        recorder.close();

        assertThat(lines).hasSize(LimitedLog.MOST_A_MINUTE + 2);
        assertThat(lines).contains("Dead letter CRASHED_DECODER, stream \"bob\", packets-3@1234: SIGSEGV");
        assertThat(lines.get(lines.size() - 1)).startsWith("990 more dead letters LATE_PACKET are not shown");
        assertThat(counters.get(DeadLetterRecorder.DEAD_LETTERS.path(Reason.LATE_PACKET))
                        .getCount())
                .isEqualTo(1_000);
    }

    @Test
    void aHostileKeyStaysInItsLineAndIsNotShownWhole() {
        recorder.record(letter("eve\n2026-01-01 ERROR all is lost", Reason.STRAY_PACKET, "stray"));
        recorder.record(letter("x".repeat(1 << 20), Reason.MALFORMED_KEY, "too long"));
        recorder.record(letter(null, Reason.MALFORMED_KEY, "no key"));

        assertThat(lines.get(0))
                .isEqualTo("Dead letter STRAY_PACKET, stream \"eve\\u000a2026-01-01 ERROR all is lost\","
                        + " packets-3@1234: stray");
        assertThat(lines.get(1)).hasSizeLessThan(600).contains("xxx…\", packets-3@1234: too long");
        assertThat(lines.get(2)).contains("stream (no key), packets-3@1234");
    }

    private static DeadLetter letter(String key, Reason reason, String message) {
        byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        PacketOrigin origin = new PacketOrigin("packets", 3, 1_234, PacketOrigin.NO_TIME);
        return new DeadLetter(bytes, new byte[1], List.of(), origin, Stage.SEQUENCE, reason, message);
    }

    /** Keeps counters by their dotted name. */
    private final class Registry extends UnregisteredMetricsGroup {
        private final String prefix;

        Registry(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public MetricGroup addGroup(String name) {
            return new Registry(prefix + name + ".");
        }

        @Override
        public MetricGroup addGroup(String key, String value) {
            return new Registry(prefix + key + "." + value + ".");
        }

        @Override
        public Counter counter(String name) {
            return counters.computeIfAbsent(prefix + name, ignored -> super.counter(name));
        }
    }
}
