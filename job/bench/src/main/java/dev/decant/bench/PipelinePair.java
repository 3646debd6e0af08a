package dev.decant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * A pipeline, and another or a C loop, that take turns over the same packets.
 *
 * @param name of the row
 * @param ours what is measured
 * @param reference what it is compared with
 * @param plan how often and how long
 */
record PipelinePair(String name, PipelineSettings ours, Reference reference, Plan plan) {
    private static final String UNIT = "µs CPU a packet";

    /** What a pipeline is compared with. */
    interface Reference {
        /**
         * Starts it.
         *
         * @param folder an empty place for its files
         * @param log what it prints is added to it
         */
        TurnTaker start(Path folder, Path log) throws IOException;
    }

    /** Another pipeline. */
    static Reference pipeline(PipelineSettings settings) {
        return (folder, log) -> new PipelineProcess(settings.in(folder), log);
    }

    /** What a repetition took each pipeline, and the state of both after the last. */
    record Outcome(Repetitions.Builder pairs, List<Forked> forks) {}

    /** The states of both pipelines after warm-up and at the end of a fork. */
    record Forked(
            Map<String, Long> oursBefore,
            Map<String, Long> oursAfter,
            Map<String, Long> referenceBefore,
            Map<String, Long> referenceAfter) {}

    /**
     * Measures.
     *
     * @param folder an empty place for files, which are deleted afterwards
     * @throws BenchException if the two give different samples
     */
    Outcome measure(Path folder) throws IOException {
        Path log = folder.resolve(name + ".log");
        Files.deleteIfExists(log);
        Repetitions.Builder pairs = new Repetitions.Builder(UNIT);
        Repetitions.Builder threads = new Repetitions.Builder(UNIT);
        List<Forked> forks = new ArrayList<>();
        for (int fork = 0; fork < plan.forks(); fork++) {
            try (ScratchFolder files = ScratchFolder.in(folder);
                    TurnTaker first = new PipelineProcess(ours.in(files.newFolder("ours")), log);
                    TurnTaker second = reference.start(files.newFolder("reference"), log)) {
                forks.add(measure(first, second, pairs, threads));
            }
        }
        Repetitions ofThreads = threads.build();
        pairs.note(String.format(
                Locale.ROOT,
                "the decoding thread alone: %.2f and %.2f, ratio %.3f (%.3f … %.3f)",
                ofThreads.ours(),
                ofThreads.reference(),
                ofThreads.ratio(),
                ofThreads.ratioQuantile(0.25),
                ofThreads.ratioQuantile(0.75)));
        pairs.note(String.format(
                Locale.ROOT,
                "beside it garbage collector and checkpoints: %s and %s; left out the compiler: %s and %s",
                ofOurs(forks, ThreadTimes.COLLECTOR) + " + " + ofOurs(forks, ThreadTimes.CHECKPOINTS),
                ofReference(forks, ThreadTimes.COLLECTOR) + " + " + ofReference(forks, ThreadTimes.CHECKPOINTS),
                ofOurs(forks, ThreadTimes.COMPILER),
                ofReference(forks, ThreadTimes.COMPILER)));
        return new Outcome(pairs, forks);
    }

    private Forked measure(TurnTaker first, TurnTaker second, Repetitions.Builder pairs, Repetitions.Builder threads)
            throws IOException {
        for (int packets = 0; packets < plan.warmUp(); packets += plan.packets()) {
            first.turn(plan.packets(), false);
            second.turn(plan.packets(), false);
        }
        requireSamePcm(name, first, second);
        Map<String, Long> firstBefore = first.state();
        Map<String, Long> secondBefore = second.state();
        for (int repetition = 0; repetition < plan.repetitions(); repetition++) {
            Sum ofFirst = new Sum();
            Sum ofSecond = new Sum();
            for (int turn = 0; turn < plan.turns(); turn++) {
                boolean checkpoint = plan.checkpoint() && turn == 0;
                if (turn % 2 == 0) {
                    ofFirst.add(first.turn(plan.packets(), checkpoint));
                    ofSecond.add(second.turn(plan.packets(), checkpoint));
                } else {
                    ofSecond.add(second.turn(plan.packets(), checkpoint));
                    ofFirst.add(first.turn(plan.packets(), checkpoint));
                }
            }
            pairs.add(microseconds(ofFirst.pipeline), microseconds(ofSecond.pipeline));
            threads.add(microseconds(ofFirst.decodingThread), microseconds(ofSecond.decodingThread));
        }
        requireSamePcm(name, first, second);
        return new Forked(firstBefore, first.state(), secondBefore, second.state());
    }

    private String ofOurs(List<Forked> forks, String threads) {
        return mean(
                forks, fork -> fork.oursAfter().get(threads) - fork.oursBefore().get(threads));
    }

    private String ofReference(List<Forked> forks, String threads) {
        return mean(
                forks,
                fork -> fork.referenceAfter().get(threads)
                        - fork.referenceBefore().get(threads));
    }

    /** Over all forks, µs a packet. */
    private String mean(List<Forked> forks, ToLongFunction<Forked> nanos) {
        long sum = forks.stream().mapToLong(nanos).sum();
        return String.format(Locale.ROOT, "%.2f", microseconds(sum) / forks.size() / plan.repetitions());
    }

    /** Of a packet. */
    private double microseconds(long nanosOfRepetition) {
        return nanosOfRepetition / 1_000.0 / plan.turns() / plan.packets();
    }

    /**
     * Two that do not do the same cannot be compared.
     *
     * @param name of the row
     * @throws BenchException if samples so far differ
     */
    static void requireSamePcm(String name, TurnTaker first, TurnTaker second) throws IOException {
        if (first.hash() != second.hash()) {
            throw new BenchException(name + ": the two give different samples");
        }
    }

    private static final class Sum {
        private long pipeline;
        private long decodingThread;

        private void add(RunningPipeline.Cost cost) {
            pipeline += cost.pipeline();
            decodingThread += cost.decodingThread();
        }
    }
}
