package dev.decant.bench;

import dev.decant.opus.OpusEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code pipeline-…}: the middle of a job, with recovery on and checkpoints, against a C loop over as many streams. */
final class PipelineRow {
    /** The target is that the C loop takes 0.85 of it. */
    private static final double MOST_RATIO = 1 / 0.85;

    /** µs CPU a packet above C, of packets of 20 ms. */
    private static final double MOST_OVERHEAD = 6;

    static final int STREAMS = 1_000;

    /** A checkpoint in about 10 s of work. */
    static final Plan PLAN = new Plan(3, 500_000, 4, 24, 10_000, true);

    private PipelineRow() {}

    /** @param target the folder of the compiled {@code c-loop}, where packets and logs are put as well */
    static List<Row> all(Path target) {
        List<Row> rows = new ArrayList<>();
        for (Mix mix : Mix.values()) {
            String name = "pipeline-" + Row.word(mix);
            String description =
                    mix.description() + ", 1,000 streams, HashMap, checkpoints every 10 s of work, to 48 kHz s16le";
            Row.Measurement measurement = effort -> measure(name, mix, effort.of(plan(mix)), target);
            rows.add(
                    Mix.OF_20_MS.contains(mix)
                            ? Row.judged(name, description, MOST_RATIO, measurement)
                                    .againstC(MOST_OVERHEAD)
                            : Row.reported(name, description, measurement).againstC());
        }
        return rows;
    }

    /** Of packets that last longer a turn has fewer, as many as take about as long. */
    private static Plan plan(Mix mix) {
        int times = Math.max(1, mix.packetSamples() / Mix.SILK.packetSamples());
        int warmUp = Math.max(PLAN.warmUp() / times, PacketRounds.ROUNDS_OF_ENDS * STREAMS);
        return new Plan(PLAN.forks(), warmUp, PLAN.repetitions(), PLAN.turns(), PLAN.packets() / times, true);
    }

    private static Repetitions measure(String name, Mix mix, Plan plan, Path target) throws IOException {
        Path packets = target.resolve(name + ".packets");
        PipelineSettings ours = PipelineSettings.usual(packets, target, mix.channels(), STREAMS);
        try (OpusEngine engine = OpusEngine.open(DecoderBenchmark.ENGINE, List.of())) {
            DecoderRow.writePackets(mix, packets);
            String library = engine.description().file();
            PipelinePair.Reference loop =
                    (folder, log) -> CLoop.ofStreams(target, library, packets, Sound.RATE, mix.channels(), STREAMS);
            Repetitions.Builder pairs =
                    new PipelinePair(name, ours, loop, plan).measure(target).pairs();
            Repetitions measured = pairs.build();
            pairs.note(String.format(
                    Locale.ROOT,
                    "ms CPU a second of audio: ours %.2f, in C %.2f",
                    ofSecond(measured.ours(), mix),
                    ofSecond(measured.reference(), mix)));
            return pairs.build();
        }
    }

    /** From µs a packet to ms a second. */
    private static double ofSecond(double microseconds, Mix mix) {
        return microseconds / 1_000 * Sound.RATE / mix.packetSamples();
    }
}
