package dev.decant.bench;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rows as they are measured: printed as a table, and written as JSON. */
final class Report {
    private static final String LAYOUT = "%-26s %10s %10s %7s %8s %8s  %-15s %s%n";

    private final PrintStream out;
    private final ResultsFile results;

    /**
     * @param out where the table goes
     * @param results where each row goes as well
     */
    Report(PrintStream out, ResultsFile results) {
        this.out = out;
        this.results = results;
    }

    /** Prints the head of the table. */
    void start() {
        print("name", "ours", "reference", "ratio", "target", "verdict", "spread", "unit, repetitions, what");
    }

    /** Prints a row: medians, and as the spread the ratios from the first to the last quartile; below it its notes. */
    void add(Row row, Repetitions repetitions) {
        String verdict = verdict(row, repetitions);
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
        return row.mostRatio().isPresent() ? number("≤ %.2f", row.mostRatio().getAsDouble()) : "–";
    }

    private static String verdict(Row row, Repetitions repetitions) {
        if (row.mostRatio().isEmpty()) {
            return "reported";
        }
        return repetitions.ratio() <= row.mostRatio().getAsDouble() ? "ok" : "short";
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
        json.put("target", row.mostRatio().isPresent() ? row.mostRatio().getAsDouble() : null);
        return json;
    }

    private static Map<String, Object> json(Row row, Repetitions repetitions, String verdict) {
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
        json.put("notes", repetitions.notes());
        json.put(
                "repetitions",
                repetitions.pairs().stream()
                        .map(pair -> List.of(ResultsFile.rounded(pair.ours()), ResultsFile.rounded(pair.reference())))
                        .toList());
        return json;
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
