package dev.decant.bench;

import dev.decant.bench.PipelineSettings.Life;
import dev.decant.decode.DecodeMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** {@code short-streams}: a million streams of 20 packets that come and go, against as many at a time that go on. */
final class ShortStreamsRow {
    private static final String NAME = "short-streams";
    private static final double MOST_RATIO = 1.5;
    private static final int STREAMS = 1_000;
    private static final int PACKETS = PacketRounds.PACKETS_OF_A_SHORT_STREAM;

    /** What a short stream sends: its packets, and the null value that ends it. */
    private static final int RECORDS = PACKETS + 1;

    /** 210,000 records are 10,000 streams: a hundred repetitions are a million. */
    private static final Plan PLAN = new Plan(1, 420_000, 100, 10, 21_000, false);

    /** The streams that go on need not be looked at as often. */
    private static final int STEADY_PACKETS = 20_000;

    private final Path target;

    private ShortStreamsRow(Path target) {
        this.target = target;
    }

    /** @param target the folder where packets and logs are put */
    static Row of(Path target) {
        String description = Mix.SILK.description()
                + ", HashMap: 1,000,000 streams of 20 packets, 1,000 at a time / 1,000 streams that go on";
        return Row.judged(NAME, description, MOST_RATIO, new ShortStreamsRow(target)::measure);
    }

    private Repetitions measure(Effort effort) throws IOException {
        Plan plan = effort.of(PLAN);
        Path packets = target.resolve(NAME + ".packets");
        Path log = target.resolve(NAME + ".log");
        PipelineSettings steady = PipelineSettings.usual(packets, target, 1, STREAMS);
        DecoderRow.writePackets(Mix.SILK, packets);
        try (TurnTaker ours = new PipelineProcess(steady.withLife(Life.SHORT), log);
                TurnTaker reference = new PipelineProcess(steady, log)) {
            return measure(plan, ours, reference);
        }
    }

    private static Repetitions measure(Plan plan, TurnTaker ours, TurnTaker reference) throws IOException {
        for (int records = 0; records < plan.warmUp(); records += plan.packets()) {
            ours.turn(plan.packets(), false);
            reference.turn(plan.packets(), false);
        }
        Repetitions.Builder pairs = new Repetitions.Builder("µs CPU a packet");
        noteMemory(pairs, "after the warm-up", ours);
        for (int repetition = 0; repetition < plan.repetitions(); repetition++) {
            if (repetition == plan.repetitions() / 2) {
                noteMemory(pairs, "in the middle", ours);
            }
            long nanos = 0;
            for (int turn = 0; turn < plan.turns(); turn++) {
                nanos += ours.turn(plan.packets(), false).pipeline();
            }
            long packets = (long) plan.turns() * plan.packets() * PACKETS / RECORDS;
            pairs.add(
                    nanos / 1_000.0 / packets,
                    reference.turn(STEADY_PACKETS, false).pipeline() / 1_000.0 / STEADY_PACKETS);
        }
        noteMemory(pairs, "at the end", ours);
        return pairs.build();
    }

    private static void noteMemory(Repetitions.Builder pairs, String when, TurnTaker ours) throws IOException {
        Map<String, Long> state = ours.state();
        pairs.note(String.format(
                Locale.ROOT,
                "%s: %d live decoders, %.1f MB of native memory; process (RSS) %.0f MB",
                when,
                state.get(DecodeMetrics.LIVE_DECODERS.name()),
                state.get(DecodeMetrics.NATIVE_BYTES.name()) / 1e6,
                state.get("VmRSS") / 1e6));
    }
}
