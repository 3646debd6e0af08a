package dev.decant.bench;

import dev.decant.bench.PipelinePair.Forked;
import dev.decant.bench.PipelineSettings.Life;
import dev.decant.decode.DecodeMetrics;
import dev.decant.monitoring.DecantMetric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code eviction…}: so many more streams than decoders may be in memory that each packet finds the decoder of its stream
 * gone, against the same streams with all decoders in memory.
 */
final class EvictionRow {
    private static final double MOST_RATIO = 2.5;
    private static final int MAX_LIVE = 1_000;
    private static final double MEGABYTE = 1e6;

    private EvictionRow() {}

    /**
     * @param target the folder where packets and logs are put
     */
    static List<Row> all(Path target) {
        return List.of(
                Row.judged(
                        "eviction",
                        "100,000 streams, decoder.max-live 1,000 / 100,000, HashMap",
                        MOST_RATIO,
                        // Ten packets a stream: 3 to warm up, 7 are measured.
                        effort -> eviction(
                                        "eviction",
                                        100_000,
                                        6_144,
                                        effort.of(new Plan(1, 300_000, 70, 1, 10_000, false)),
                                        target)
                                .build()),
                Row.reported(
                        "eviction-return",
                        "2,000 streams, decoder.max-live 1,000 / 2,000, HashMap: ours is with an eviction and a return",
                        effort -> evictionAndReturn(effort, target)));
    }

    private static Repetitions evictionAndReturn(Effort effort, Path target) throws IOException {
        Repetitions.Builder pairs = eviction(
                "eviction-return", 2_000, 2_048, effort.of(new Plan(2, 200_000, 60, 1, 10_000, false)), target);
        Repetitions measured = pairs.build();
        pairs.note(String.format(
                Locale.ROOT,
                "one eviction and return: %.1f µs (%.1f … %.1f)",
                measured.differenceQuantile(0.5),
                measured.differenceQuantile(0.25),
                measured.differenceQuantile(0.75)));
        return pairs.build();
    }

    private static Repetitions.Builder eviction(String name, int streams, int heapMegabytes, Plan plan, Path target)
            throws IOException {
        Path packets = target.resolve(name + ".packets");
        PipelineSettings few = PipelineSettings.usual(packets, target, 1, streams)
                .withLife(Life.FOR_EVER)
                .withMaxLive(MAX_LIVE)
                .withHeapMegabytes(heapMegabytes);
        DecoderRow.writePackets(Mix.SILK, packets);
        PipelinePair.Outcome outcome =
                new PipelinePair(name, few, PipelinePair.pipeline(few.withMaxLive(streams)), plan).measure(target);
        for (Forked fork : outcome.forks()) {
            requireEvictions(name, fork, plan);
            noteState(outcome.pairs(), fork, plan);
            noteMemory(outcome.pairs(), fork);
        }
        return outcome.pairs();
    }

    /** Each packet, or something else was measured. */
    private static void requireEvictions(String name, Forked fork, Plan plan) {
        long packets = (long) plan.repetitions() * plan.turns() * plan.packets();
        long evictions = difference(fork.oursBefore(), fork.oursAfter(), DecodeMetrics.DECODERS_EVICTED);
        long inReference = difference(fork.referenceBefore(), fork.referenceAfter(), DecodeMetrics.DECODERS_EVICTED);
        if (evictions != packets || inReference != 0) {
            throw new BenchException(name + ": " + evictions + " evictions in " + packets + " packets, and "
                    + inReference + " in the reference: there should be one a packet, and none");
        }
    }

    private static void noteState(Repetitions.Builder pairs, Forked fork, Plan plan) {
        double packets = (double) plan.repetitions() * plan.turns() * plan.packets();
        pairs.note(String.format(
                Locale.ROOT,
                "ours took %.2f images and ran %.2f steps again a packet; the image interval is %d",
                difference(fork.oursBefore(), fork.oursAfter(), DecodeMetrics.IMAGES_TAKEN) / packets,
                difference(fork.oursBefore(), fork.oursAfter(), DecodeMetrics.STEPS_REPLAYED) / packets,
                fork.oursAfter().get(DecodeMetrics.IMAGE_INTERVAL.name())));
    }

    private static void noteMemory(Repetitions.Builder pairs, Forked fork) {
        pairs.note("memory of ours: " + memory(fork.oursBefore(), fork.oursAfter()));
        pairs.note("memory of the reference: " + memory(fork.referenceBefore(), fork.referenceAfter()));
    }

    private static String memory(Map<String, Long> before, Map<String, Long> after) {
        return String.format(
                Locale.ROOT,
                "decoders %.1f MB after the warm-up, %.1f MB at the end; process (RSS) %.0f MB, %.0f MB, at most %.0f MB",
                before.get(DecodeMetrics.NATIVE_BYTES.name()) / MEGABYTE,
                after.get(DecodeMetrics.NATIVE_BYTES.name()) / MEGABYTE,
                before.get("VmRSS") / MEGABYTE,
                after.get("VmRSS") / MEGABYTE,
                after.get("VmHWM") / MEGABYTE);
    }

    private static long difference(Map<String, Long> before, Map<String, Long> after, DecantMetric metric) {
        return after.get(metric.name()) - before.get(metric.name());
    }
}
