package dev.decant.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Memory and time of {@code decant transcode} as recordings become more: memory stays, and time grows as they do. */
final class TranscodeGrowth {
    private static final double MOST_MEMORY_RATIO = 1.25;
    private static final double MOST_TIME_RATIO = 1.10;
    private static final double MEGABYTE = 1e6;

    private final String name;
    private final String title;
    private final List<Corpus> corpora;
    private final TranscodeSettings settings;
    private final List<List<ProcessCost>> costs = new ArrayList<>();

    /**
     * @param title what the recordings are
     * @param corpora from few recordings to many, four of them
     */
    TranscodeGrowth(String name, String title, List<Corpus> corpora, TranscodeSettings settings) {
        this.name = name;
        this.title = title;
        this.corpora = corpora;
        this.settings = settings;
        corpora.forEach(corpus -> costs.add(new ArrayList<>()));
    }

    /**
     * Measures, prints a table, and adds a row to the results for each number of recordings.
     *
     * @throws BenchException if decant fails, or does not give what it should
     */
    void print(PrintStream out, ResultsFile results) throws IOException {
        TranscodeRuns runs = new TranscodeRuns(name, settings);
        for (int round = 0; round < settings.rounds(); round++) {
            for (int n = 0; n < corpora.size(); n++) {
                Corpus corpus = corpora.get(n);
                costs.get(n)
                        .add(runs.run(settings.decant(), corpus, round, false).cost());
            }
        }
        out.println("| recordings " + title + " | peak memory | CPU time | wall clock | CPU time of each more |");
        out.println("|--:|--:|--:|--:|--:|");
        for (int n = 0; n < corpora.size(); n++) {
            out.println(row(n));
            results.add(runs.row(settings.decant(), corpora.get(n), costs.get(n), OptionalDouble.empty()));
        }
        out.println();
        int last = corpora.size() - 1;
        out.println(verdict("Memory", last, 1, peak(last) / peak(1), MOST_MEMORY_RATIO));
        out.println(
                verdict("CPU time of each more", last, last - 1, eachMore(last) / eachMore(last - 1), MOST_TIME_RATIO));
        out.println();
    }

    private String row(int n) {
        return String.format(
                Locale.ROOT,
                "| %,d | %.0f MB | %.1f s | %.1f s | %s |",
                corpora.get(n).recordings(),
                peak(n) / MEGABYTE,
                cpu(n),
                median(n, ProcessCost::wallSeconds),
                n == 0 ? "" : String.format(Locale.ROOT, "%.2f ms", 1_000 * eachMore(n)));
    }

    private String verdict(String what, int n, int than, double ratio, double most) {
        return String.format(
                Locale.ROOT,
                "%s at %,d: %.2f × that at %,d (target: ≤ %.2f ×): %s",
                what,
                corpora.get(n).recordings(),
                ratio,
                corpora.get(than).recordings(),
                most,
                ratio <= most ? "ok" : "short");
    }

    /** Beyond those of the corpus before, so that the start does not count, seconds. */
    private double eachMore(int n) {
        return (cpu(n) - cpu(n - 1))
                / (corpora.get(n).recordings() - corpora.get(n - 1).recordings());
    }

    private double cpu(int n) {
        return median(n, ProcessCost::cpuSeconds);
    }

    private double peak(int n) {
        return median(n, ProcessCost::peakBytes);
    }

    private double median(int n, ToDoubleFunction<ProcessCost> part) {
        return Repetitions.quantile(costs.get(n).stream().mapToDouble(part), 0.5);
    }
}
