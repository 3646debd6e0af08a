package dev.decant.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The CPU time of {@code decant transcode} beside that of other programs, on the same recordings, by turns. */
final class TranscodeComparison {
    private final String name;
    private final String title;
    private final Corpus corpus;
    private final List<Reference> references;
    private final TranscodeSettings settings;
    private final Transcoder decant;

    /** Of each program that is installed, in the order of the table, round by round. */
    private final Map<Transcoder, List<ProcessCost>> costs = new LinkedHashMap<>();

    /** Those that are to give the same files as decant. */
    private final List<Transcoder> sameFiles = new ArrayList<>();

    /**
     * Another program.
     *
     * @param mostRatio the target: decant may take at most so many times what it takes
     * @param sameFiles whether it must give the same files, byte for byte; then it must be installed
     */
    record Reference(Transcoder transcoder, double mostRatio, boolean sameFiles) {}

    /**
     * @param title what the recordings are
     */
    TranscodeComparison(
            String name, String title, Corpus corpus, List<Reference> references, TranscodeSettings settings) {
        this.name = name;
        this.title = title;
        this.corpus = corpus;
        this.references = references;
        this.settings = settings;
        this.decant = settings.decant();
        costs.put(decant, new ArrayList<>());
        for (Reference reference : references) {
            if (reference.transcoder().isInstalled()) {
                costs.put(reference.transcoder(), new ArrayList<>());
            }
            if (reference.sameFiles()) {
                sameFiles.add(reference.transcoder());
            }
        }
    }

    /**
     * Measures, prints a table, and adds a row to the results for each program.
     *
     * @throws BenchException if a program fails, or does not give what it should
     */
    void print(PrintStream out, ResultsFile results) throws IOException {
        TranscodeRuns runs = new TranscodeRuns(name, settings);
        for (int round = 0; round < settings.rounds(); round++) {
            runs.each(List.copyOf(costs.keySet()), sameFiles, corpus, round)
                    .forEach((transcoder, cost) -> costs.get(transcoder).add(cost));
        }
        out.printf(
                Locale.ROOT,
                "| %,d %s, %.1f h | CPU time | a recording | wall clock | decant takes | target | |%n",
                corpus.recordings(),
                title,
                corpus.hours());
        out.println("|---|--:|--:|--:|--:|--:|---|");
        out.println(cells(decant) + " | | | |");
        references.forEach(reference -> out.println(row(reference)));
        out.println();
        costs.forEach((transcoder, each) -> results.add(runs.row(transcoder, corpus, each, mostRatio(transcoder))));
    }

    private String row(Reference reference) {
        Transcoder transcoder = reference.transcoder();
        if (!costs.containsKey(transcoder)) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %s is not installed | | | | ≤ %.2f × | not measured |",
                    transcoder.name(),
                    transcoder.program(),
                    reference.mostRatio());
        }
        Repetitions repetitions = pairs(transcoder);
        return String.format(
                Locale.ROOT,
                "%s | %.2f × (%.2f … %.2f) | ≤ %.2f × | %s |",
                cells(transcoder),
                repetitions.ratio(),
                repetitions.ratioQuantile(0),
                repetitions.ratioQuantile(1),
                reference.mostRatio(),
                repetitions.ratio() <= reference.mostRatio() ? "ok" : "short");
    }

    /** Empty for decant itself. */
    private OptionalDouble mostRatio(Transcoder transcoder) {
        return references.stream()
                .filter(reference -> reference.transcoder().equals(transcoder))
                .mapToDouble(Reference::mostRatio)
                .findFirst();
    }

    private Repetitions pairs(Transcoder transcoder) {
        Repetitions.Builder repetitions = new Repetitions.Builder("s CPU");
        for (int round = 0; round < settings.rounds(); round++) {
            repetitions.add(
                    costs.get(decant).get(round).cpuSeconds(),
                    costs.get(transcoder).get(round).cpuSeconds());
        }
        return repetitions.build();
    }

    /** Medians. */
    private String cells(Transcoder transcoder) {
        List<ProcessCost> each = costs.get(transcoder);
        double cpu = Repetitions.quantile(each.stream().mapToDouble(ProcessCost::cpuSeconds), 0.5);
        double wall = Repetitions.quantile(each.stream().mapToDouble(ProcessCost::wallSeconds), 0.5);
        return String.format(
                Locale.ROOT,
                "| %s | %.1f s | %s | %.1f s",
                transcoder.name(),
                cpu,
                milliseconds(cpu / corpus.recordings()),
                wall);
    }

    private static String milliseconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 0.1 ? "%.1f ms" : "%,.0f ms", 1_000 * seconds);
    }
}
