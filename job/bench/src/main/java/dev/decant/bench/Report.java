package dev.decant.bench;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The rows as they are measured: printed as a table, and written as JSON. */
final class Report {
    private static final String LAYOUT = "%-26s %10s %10s %7s %8s %8s  %-15s %s%n";

    private final PrintStream out;
    private final ResultsFile results;
    private final Effort effort;

    /**
     * @param out where the table goes
     * @param results where each row goes as well
     * @param effort what is measured quickly is not judged
     */
    Report(PrintStream out, ResultsFile results, Effort effort) {
        this.out = out;
        this.results = results;
        this.effort = effort;
    }

    /** Prints the head of the table. */
    void start() {
        print("name", "ours", "reference", "ratio", "target", "verdict", "spread", "unit, repetitions, what");
    }

    /**
     * Prints a row: medians, and as the spread the ratios from the first to the last quartile; below it what ours takes more
     * than a program in C, and its notes.
     */
    void add(Row row, Repetitions repetitions) {
        String verdict = verdict(repetitions.ratio(), row.mostRatio());
        print(
                row.name(),
                number("%.2f", repetitions.ours()),
                number("%.2f", repetitions.reference()),
                number("%.3f", repetitions.ratio()),
                target(row),
                verdict,
                number("%.3f", repetitions.ratioQuantile(0.25)) + " … "
                        + number("%.3f", repetitions.ratioQuantile(0.75)),
                repetitions.unit() + ", " + repetitions.pairs().size() + " x, " + row.description());
        if (row.besideC()) {
            out.println("    " + overhead(row, repetitions));
        }
        repetitions.notes().forEach(note -> out.println("    " + note));
        out.flush();
        results.add(json(row, repetitions, verdict));
    }

    /**
     * Prints a row that could not be measured on this machine.
     *
     * @param reason why, in a sentence
     */
    void addNotMeasured(Row row, String reason) {
        String verdict = "not measured: " + reason;
        print(row.name(), "–", "–", "–", target(row), "–", "–", verdict);
        Map<String, Object> json = head(row);
        json.put("verdict", verdict);
        results.add(json);
    }

    private static String target(Row row) {
        return row.mostRatio().isPresent() ? number("≤ %.3f", row.mostRatio().getAsDouble()) : "–";
    }

    private String verdict(double measured, OptionalDouble most) {
        if (most.isEmpty()) {
            return "reported";
        }
        if (effort == Effort.QUICK) {
            return "quick";
        }
        return measured <= most.getAsDouble() ? "ok" : "short";
    }

    private String overhead(Row row, Repetitions repetitions) {
        String measured = String.format(
                Locale.ROOT,
                "more than in C: %.2f %s (%.2f … %.2f)",
                repetitions.difference(),
                repetitions.unit(),
                repetitions.differenceQuantile(0.25),
                repetitions.differenceQuantile(0.75));
        return row.mostOverhead().isEmpty()
                ? measured
                : measured
                        + number(", target ≤ %.1f: ", row.mostOverhead().getAsDouble())
                        + verdict(repetitions.difference(), row.mostOverhead());
    }

    private void print(Object... cells) {
        out.printf(Locale.ROOT, LAYOUT, cells);
        out.flush();
    }

    /** What is known before it is measured. */
    private static Map<String, Object> head(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", row.name());
        json.put("description", row.description());
        json.put("target", orNull(row.mostRatio()));
        return json;
    }

    private Map<String, Object> json(Row row, Repetitions repetitions, String verdict) {
        Map<String, Object> json = head(row);
        json.put("unit", repetitions.unit());
        json.put("ours", ResultsFile.rounded(repetitions.ours()));
        json.put("reference", ResultsFile.rounded(repetitions.reference()));
        json.put("ratio", ResultsFile.rounded(repetitions.ratio()));
        json.put("verdict", verdict);
        json.put(
                "spread",
                List.of(
                        ResultsFile.rounded(repetitions.ratioQuantile(0.25)),
                        ResultsFile.rounded(repetitions.ratioQuantile(0.75))));
        if (row.besideC()) {
            json.put("overhead", ResultsFile.rounded(repetitions.difference()));
            json.put("overheadTarget", orNull(row.mostOverhead()));
            json.put("overheadVerdict", verdict(repetitions.difference(), row.mostOverhead()));
        }
        json.put("notes", repetitions.notes());
        json.put(
                "repetitions",
                repetitions.pairs().stream()
                        .map(pair -> List.of(ResultsFile.rounded(pair.ours()), ResultsFile.rounded(pair.reference())))
                        .toList());
        return json;
    }

    private static Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
