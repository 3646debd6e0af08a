package dev.decant.bench;

import dev.decant.opus.OpusEngine;
import dev.decant.opus.OpusLibraryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@code decoder-…}: the decoder alone, copies in and out included, against the C loop. */
final class DecoderRow {
    private static final double MOST_RATIO = 1 / 0.97;

    /** µs CPU a packet above C. */
    private static final double MOST_OVERHEAD = 1;

    /** 4,000 packets, 0.2 to 1 MB. */
    private static final int SECONDS = 80;

    /** After a quarter of a million packets, 5 to 15 s, the compiler is through. */
    private static final Plan PLAN = new Plan(3, 250_000, 150, 1, DecoderBenchmark.BATCH, false);

    private DecoderRow() {}

    /**
     * @param target the folder of the compiled {@code c-loop}, where packets and JMH's log are put as well
     */
    static List<Row> all(Path target) {
        List<Row> rows = new ArrayList<>();
        for (Engine engine : Engine.values()) {
            Mix.OF_20_MS.forEach(mix -> rows.add(of(engine, mix, target)));
        }
        return rows;
    }

    /** The target is for the embedded library, which is the C loop's. */
    private static Row of(Engine engine, Mix mix, Path target) {
        String name = "decoder-" + Row.word(mix) + (engine == Engine.EMBEDDED ? "" : "-" + Row.word(engine));
        String description = mix.description() + ", decoded to 48 kHz s16le by " + engine.description();
        Row.Measurement measurement = effort -> measure(name, engine, mix, effort, target);
        return engine == Engine.EMBEDDED
                ? Row.judged(name, description, MOST_RATIO, measurement).againstC(MOST_OVERHEAD)
                : Row.reported(name, description, measurement).againstC();
    }

    private static Repetitions measure(String name, Engine engine, Mix mix, Effort effort, Path target)
            throws IOException, NotMeasuredException {
        Path packetFile = target.resolve(name + ".packets");
        writePackets(mix, packetFile);
        String version = version(engine);
        Path log = target.resolve(name + ".log");
        Files.deleteIfExists(log);
        Plan plan = effort.of(PLAN);
        Options options = new OptionsBuilder()
                .include(DecoderBenchmark.class.getName() + ".decode")
                .param("library", engine.library())
                .param("target", target.toString())
                .param("packetFile", packetFile.toString())
                .param("channels", Integer.toString(mix.channels()))
                .mode(Mode.SingleShotTime)
                .forks(plan.forks())
                .warmupIterations(plan.warmUp() / plan.packets())
                .measurementIterations(plan.repetitions())
                .jvmArgs("-Xmx512m")
                .shouldFailOnError(true)
                .output(log.toString())
                .build();
        try {
            Repetitions.Builder repetitions = repetitions(new Runner(options).runSingle());
            if (engine != Engine.EMBEDDED) {
                repetitions.note(
                        "it is " + version + "; its samples are as many as those of the C loop, and not compared");
            }
            return repetitions.build();
        } catch (RunnerException e) {
            throw new BenchException(name + " could not be measured; " + log + " says why", e);
        }
    }

    /** What an engine says of itself. */
    private static String version(Engine engine) throws NotMeasuredException {
        try (OpusEngine opened = OpusEngine.open(engine.library(), List.of())) {
            return opened.description().version();
        } catch (OpusLibraryException e) {
            throw new NotMeasuredException(e);
        }
    }

    /** {@link #SECONDS} of packets from the encoder of the library that is measured. */
    static void writePackets(Mix mix, Path file) throws IOException {
        try (OpusEngine engine = OpusEngine.open(DecoderBenchmark.ENGINE, List.of())) {
            PacketFile.write(file, Encoder.encode(engine.description().file(), mix, SECONDS));
        }
    }

    private static Repetitions.Builder repetitions(RunResult result) {
        Repetitions.Builder repetitions = new Repetitions.Builder("µs CPU a packet");
        result.getBenchmarkResults().forEach(fork -> {
            for (IterationResult iteration : fork.getIterationResults()) {
                repetitions.add(microseconds(iteration, "ours"), microseconds(iteration, "reference"));
            }
        });
        return repetitions;
    }

    /** Of a packet. */
    private static double microseconds(IterationResult iteration, String counter) {
        return iteration.getSecondaryResults().get(counter).getScore() / 1_000 / DecoderBenchmark.BATCH;
    }
}
