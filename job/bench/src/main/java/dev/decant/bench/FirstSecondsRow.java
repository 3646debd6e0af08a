package dev.decant.bench;

import dev.decant.opus.OpusEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * {@code first-20-s}: the pipeline of {@code pipeline-silk} in a JVM that has just started, all that the process takes paid
 * for, against the C loop over the same packets.
 */
final class FirstSecondsRow {
    private static final String NAME = "first-20-s";
    private static final Mix MIX = Mix.SILK;
    private static final Plan PIPELINE = PipelineRow.PLAN;
    private static final int FORKS = 5;
    private static final double SECONDS = 20;

    private final Path target;
    private final Path packets;
    private final Path log;
    private final List<Youth> youths = new ArrayList<>();

    private FirstSecondsRow(Path target) {
        this.target = target;
        packets = target.resolve(NAME + ".packets");
        log = target.resolve(NAME + ".log");
    }

    /** @param target the folder of the compiled {@code c-loop}, where packets, the log and checkpoints are put as well */
    static Row of(Path target) {
        String description = MIX.description()
                + ", 1,000 streams, HashMap: the first 20 s of work of a JVM, its start and its compiler included";
        return Row.reported(NAME, description, effort -> new FirstSecondsRow(target).measure(effort));
    }

    /**
     * What a process took from its start to the end of those seconds, CPU time in s.
     *
     * @param packets that it decoded
     * @param start until it was ready for the first one
     * @param compiler of all, what the compiler's threads took
     * @param all the whole process
     * @param inC the C loop, for the same packets
     */
    private record Youth(long packets, double start, double compiler, double all, double inC) {}

    private Repetitions measure(Effort effort) throws IOException {
        PipelineSettings settings = PipelineSettings.usual(packets, target, MIX.channels(), PipelineRow.STREAMS);
        try (OpusEngine engine = OpusEngine.open(DecoderBenchmark.ENGINE, List.of())) {
            DecoderRow.writePackets(MIX, packets);
            String library = engine.description().file();
            for (int fork = 0; fork < effort.repetitions(FORKS); fork++) {
                try (ScratchFolder files = ScratchFolder.in(target);
                        PipelineProcess ours = new PipelineProcess(settings.in(files.path()), log);
                        CLoop inC = CLoop.ofStreams(
                                target, library, packets, Sound.RATE, MIX.channels(), PipelineRow.STREAMS)) {
                    youths.add(youth(ours, inC));
                }
            }
        }
        return repetitions();
    }

    /** The clock stands still while it is C's turn. */
    private static Youth youth(PipelineProcess ours, CLoop inC) throws IOException {
        // It answers as soon as it is ready.
        ours.hash();
        long start = ours.cpuNanos();
        long nanosInC = 0;
        long worked = 0;
        int turns = 0;
        while (seconds(worked) < SECONDS) {
            boolean checkpoint = (turns + 1) % PIPELINE.turns() == 0;
            long before = System.nanoTime();
            ours.turn(PIPELINE.packets(), checkpoint);
            worked += System.nanoTime() - before;
            nanosInC += inC.decode(PIPELINE.packets());
            turns++;
        }
        long all = ours.cpuNanos();
        PipelinePair.requireSamePcm(NAME, ours, inC);
        return new Youth(
                (long) turns * PIPELINE.packets(),
                seconds(start),
                seconds(ours.state().get(ThreadTimes.COMPILER)),
                seconds(all),
                seconds(nanosInC));
    }

    private Repetitions repetitions() {
        Repetitions.Builder pairs = new Repetitions.Builder("µs CPU a packet");
        youths.forEach(youth -> pairs.add(1e6 * youth.all() / youth.packets(), 1e6 * youth.inC() / youth.packets()));
        pairs.note(String.format(
                Locale.ROOT,
                "packets in those 20 s, median: %,.0f (%,.0f … %,.0f)",
                quantile(Youth::packets, 0.5),
                quantile(Youth::packets, 0),
                quantile(Youth::packets, 1)));
        pairs.note(String.format(
                Locale.ROOT,
                "s CPU of the process, medians: %.1f, of it until it was ready %.1f; the compiler, from the start, %.1f,"
                        + " which is %.2f µs a packet",
                quantile(Youth::all, 0.5),
                quantile(Youth::start, 0.5),
                quantile(Youth::compiler, 0.5),
                quantile(youth -> 1e6 * youth.compiler() / youth.packets(), 0.5)));
        return pairs.build();
    }

    private double quantile(ToDoubleFunction<Youth> part, double share) {
        return Repetitions.quantile(youths.stream().mapToDouble(part), share);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
