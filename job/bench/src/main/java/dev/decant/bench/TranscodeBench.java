package dev.decant.bench;

import dev.decant.bench.TranscodeComparison.Reference;
import dev.decant.opus.OpusEngine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code job/bench/transcode}: what {@code ./decant transcode} takes, beside what people use for it, as
 * tables in Markdown.
 */
@Command(name = "transcode", description = "Measures ./decant transcode beside ffmpeg, opusdec and a C program.")
final class TranscodeBench implements Callable<Integer> {
    private static final Map<String, Measurement> MEASUREMENTS = new LinkedHashMap<>();

    static {
        MEASUREMENTS.put("small", TranscodeBench::printSmall);
        MEASUREMENTS.put("long", TranscodeBench::printLong);
        MEASUREMENTS.put("memory", TranscodeBench::printMemory);
    }

    /** Measures, and prints tables. */
    private interface Measurement {
        void print(TranscodeSettings settings, int scale, PrintStream out, ResultsFile results) throws IOException;
    }

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            description = "small: 5,000 short recordings; long: 20 of half an hour; memory: up to 100,000 of a second."
                    + " All if none is named.")
    private Set<String> names = new LinkedHashSet<>();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Run each program so often (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--scale",
            paramLabel = "N",
            defaultValue = "1",
            description = "Take one recording of N: says less, but sooner (default: ${DEFAULT-VALUE}).")
    private int scale;

    @Option(
            names = "--corpus",
            paramLabel = "DIR",
            description = "Keep the recordings in DIR, and use again what is there; else they are made for this run.")
    private Path corpora;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Write what is not kept to DIR, up to 12 GB (default: ${DEFAULT-VALUE}).")
    private Path work = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--json", paramLabel = "FILE", description = "Also write what each program took to FILE.")
    private Path json;

    @Option(names = "--decant", paramLabel = "FILE", description = "Measure this decant, and not the one beside it.")
    private Path launcher = TranscodeSettings.launcherHere();

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    @Option(names = "--target", hidden = true, required = true, description = "Where the C programs were compiled to.")
    private Path target;

    public static void main(String[] arguments) {
        System.exit(Bench.execute(new TranscodeBench(), arguments));
    }

    @Override
    public Integer call() throws IOException {
        requireValid();
        String machine = Machine.describe(List.of(List.of("ffmpeg", "-version"), List.of("opusdec", "--version")));
        System.out.println(machine);
        System.out.println();
        String command = "job/bench/transcode " + String.join(" ", names.isEmpty() ? MEASUREMENTS.keySet() : names)
                + " --rounds " + rounds + " --scale " + scale;
        ResultsFile results = new ResultsFile(json, command, machine);
        try (OpusEngine engine = OpusEngine.open(DecoderBenchmark.ENGINE, List.of());
                ScratchFolder scratch = ScratchFolder.in(work)) {
            Path recordings = corpora == null ? scratch.path() : Files.createDirectories(corpora);
            TranscodeSettings settings = new TranscodeSettings(
                    target,
                    launcher.toAbsolutePath().normalize(),
                    engine.description().file(),
                    recordings,
                    scratch.path(),
                    rounds);
            for (Map.Entry<String, Measurement> measurement : MEASUREMENTS.entrySet()) {
                if (names.isEmpty() || names.contains(measurement.getKey())) {
                    measurement.getValue().print(settings, scale, System.out, results);
                }
            }
        }
        return 0;
    }

    private void requireValid() {
        Set<String> unknown = new LinkedHashSet<>(names);
        unknown.removeAll(MEASUREMENTS.keySet());
        require(
                unknown.isEmpty(),
                "there is no " + String.join(", ", unknown) + ": take " + String.join(", ", MEASUREMENTS.keySet()));
        require(rounds >= 1, "--rounds " + rounds + ": should be 1 or more");
        require(scale >= 1 && scale <= 20, "--scale " + scale + ": should be 1 to 20");
        require(Files.isExecutable(launcher), "--decant " + launcher + ": there is no such program");
        require(Files.isDirectory(work), "--work " + work + ": there is no such folder");
    }

    private void require(boolean holds, String sentence) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), sentence);
        }
    }

    private static void printSmall(TranscodeSettings settings, int scale, PrintStream out, ResultsFile results)
            throws IOException {
        CorpusContent content =
                new ShortRecordings(settings.library(), 5_000 / scale, List.of(Mix.HYBRID, Mix.CELT), 2, 20);
        Corpus corpus = Corpus.in(settings.corpora(), "small", content);
        List<Reference> references = references(settings, 1 / 5.0, 1 / 4.0, 1 / 2.0, 1.6);
        new TranscodeComparison("small", "recordings of 2 to 20 s", corpus, references, settings).print(out, results);
    }

    private static void printLong(TranscodeSettings settings, int scale, PrintStream out, ResultsFile results)
            throws IOException {
        Corpus corpus = Corpus.in(settings.corpora(), "long", new LongRecordings(settings.library(), 20 / scale));
        List<Reference> references = references(settings, 1 / 2.0, 1.2, 1 / 2.0, 1.25);
        new TranscodeComparison("long", "recordings of 30 min", corpus, references, settings).print(out, results);
    }

    private static List<Reference> references(
            TranscodeSettings settings, double ofLibopus, double ofOwnDecoder, double ofOpusdec, double ofC) {
        Transcoder inC = settings.inC();
        return List.of(
                new Reference(Transcoder.ffmpeg("libopus"), ofLibopus, false),
                new Reference(Transcoder.ffmpeg("opus"), ofOwnDecoder, false),
                new Reference(Transcoder.opusdec(), ofOpusdec, false),
                new Reference(inC, ofC, true));
    }

    private static void printMemory(TranscodeSettings settings, int scale, PrintStream out, ResultsFile results)
            throws IOException {
        List<Corpus> corpora = new ArrayList<>();
        for (int recordings :
                IntStream.of(100, 1_000, 10_000, 100_000).map(n -> n / scale).toArray()) {
            CorpusContent content = new ShortRecordings(settings.library(), recordings, List.of(Mix.HYBRID), 0.5, 1.5);
            corpora.add(Corpus.in(settings.corpora(), "memory", content));
        }
        new TranscodeGrowth("memory", "of 0.5 to 1.5 s", corpora, settings).print(out, results);
    }
}
