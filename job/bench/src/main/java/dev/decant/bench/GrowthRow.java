package dev.decant.bench;

import dev.decant.opus.OpusEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * {@code streams-10000}, {@code two-slots}: how many times what a packet costs in a small pipeline it costs in a large one,
 * against the same of the C loop, whose caches grow no more than ours.
 */
final class GrowthRow {
    private static final String UNIT = "× the CPU a packet of the small one";

    /** At most 5 % above C's own growth. */
    private static final double MOST_RATIO = 1.05;

    private static final Plan PLAN = new Plan(2, 1_100_000, 20, 4, 10_000, false);

    private static final int STREAMS = 1_000;
    private static final int FEW_STREAMS = 10;
    private static final int MANY_STREAMS = 10_000;
    private static final int SLOTS = 2;

    private final String name;
    private final Path target;
    private final Path packets;

    private GrowthRow(String name, Path target) {
        this.name = name;
        this.target = target;
        packets = target.resolve(name + ".packets");
    }

    /** @param target the folder of the compiled {@code c-loop}, where packets and logs are put as well */
    static List<Row> all(Path target) {
        GrowthRow streams = new GrowthRow("streams-10000", target);
        GrowthRow slots = new GrowthRow("two-slots", target);
        return List.of(
                Row.judged(
                        streams.name,
                        Mix.SILK.description()
                                + ": 10,000 streams / 10, HashMap; the reference is the C loop's own growth",
                        MOST_RATIO,
                        effort -> streams.measure(effort.of(PLAN.withEndsInWarmUp(MANY_STREAMS)), streams::ofStreams)),
                Row.judged(
                        slots.name,
                        Mix.SILK.description() + ", 1,000 streams: two slots / one; the reference is two C loops / one",
                        MOST_RATIO,
                        effort -> slots.measure(effort.of(PLAN.withEndsInWarmUp(STREAMS)), slots::ofSlots)));
    }

    /**
     * The four that take turns.
     *
     * @param alike those of them that decode the same packets, and can say what came of them
     */
    private record Four(TurnTaker small, TurnTaker large, TurnTaker smallInC, TurnTaker largeInC, List<TurnTaker> alike)
            implements AutoCloseable {
        private List<TurnTaker> all() {
            return List.of(small, smallInC, large, largeInC);
        }

        @Override
        public void close() throws IOException {
            for (TurnTaker one : all()) {
                one.close();
            }
        }
    }

    private interface Starting {
        Four start(String library, Path log) throws IOException;
    }

    private Repetitions measure(Plan plan, Starting starting) throws IOException {
        Repetitions.Builder pairs = new Repetitions.Builder(UNIT);
        List<double[]> all = new ArrayList<>();
        try (OpusEngine engine = OpusEngine.open(DecoderBenchmark.ENGINE, List.of())) {
            DecoderRow.writePackets(Mix.SILK, packets);
            for (int fork = 0; fork < plan.forks(); fork++) {
                try (Four four = starting.start(engine.description().file(), target.resolve(name + ".log"))) {
                    measure(four, plan, pairs, all);
                }
            }
        }
        pairs.note(String.format(
                Locale.ROOT,
                "µs CPU a packet, medians: small %.2f, large %.2f; in C %.2f, %.2f",
                median(all, 0),
                median(all, 2),
                median(all, 1),
                median(all, 3)));
        return pairs.build();
    }

    private void measure(Four four, Plan plan, Repetitions.Builder pairs, List<double[]> all) throws IOException {
        List<TurnTaker> takers = four.all();
        for (TurnTaker taker : takers) {
            for (int packets = 0; packets < plan.warmUp(); packets += plan.packets()) {
                taker.turn(plan.packets(), false);
            }
        }
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
        for (int repetition = 0; repetition < plan.repetitions(); repetition++) {
            double[] microseconds = new double[takers.size()];
            for (int turn = 0; turn < plan.turns(); turn++) {
                for (int taker : order) {
                    long nanos = takers.get(taker).turn(plan.packets(), false).pipeline();
                    microseconds[taker] += nanos / 1_000.0 / plan.packets() / plan.turns();
                }
                Collections.reverse(order);
            }
            pairs.add(microseconds[2] / microseconds[0], microseconds[3] / microseconds[1]);
            all.add(microseconds);
        }
        for (TurnTaker one : four.alike()) {
            PipelinePair.requireSamePcm(name, four.alike().get(0), one);
        }
    }

    private static double median(List<double[]> all, int taker) {
        return Repetitions.quantile(all.stream().mapToDouble(one -> one[taker]), 0.5);
    }

    private Four ofStreams(String library, Path log) throws IOException {
        TurnTaker large = pipeline(MANY_STREAMS, 1, log);
        TurnTaker largeInC = loop(library, MANY_STREAMS);
        return new Four(
                pipeline(FEW_STREAMS, 1, log), large, loop(library, FEW_STREAMS), largeInC, List.of(large, largeInC));
    }

    private Four ofSlots(String library, Path log) throws IOException {
        TurnTaker small = pipeline(STREAMS, 1, log);
        TurnTaker large = pipeline(STREAMS, SLOTS, log);
        TurnTaker smallInC = loop(library, STREAMS);
        return new Four(
                small,
                large,
                smallInC,
                new SideBySide(List.of(loop(library, STREAMS / SLOTS), loop(library, STREAMS / SLOTS))),
                List.of(small, large, smallInC));
    }

    private TurnTaker pipeline(int streams, int slots, Path log) throws IOException {
        return new PipelineProcess(
                PipelineSettings.usual(packets, target, 1, streams).withSlots(slots), log);
    }

    private TurnTaker loop(String library, int streams) throws IOException {
        return CLoop.ofStreams(target, library, packets, Sound.RATE, 1, streams);
    }
}
