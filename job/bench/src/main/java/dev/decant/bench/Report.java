package dev.decant.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The rows as they are measured: printed as a table and, if asked for, written as JSON. */
final class Report {
    private static final String LAYOUT = "%-22s %10s %10s %7s %8s %8s  %-15s %s%n";

    private final PrintStream out;
    private final Path json;
    private final List<String> objects = new ArrayList<>();

    /**
     * @param out where the table goes
     * @param json where the JSON goes; null for none
     */
    Report(PrintStream out, Path json) {
        this.out = out;
        this.json = json;
    }

    /** Prints the head of the table, and makes sure that the JSON file can be written before minutes are spent. */
    void start() {
        writeJson();
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
                row.mostRatio().isPresent() ? number("≤ %.2f", row.mostRatio().getAsDouble()) : "–",
                verdict,
                number("%.3f", repetitions.ratioQuantile(0.25)) + " … "
                        + number("%.3f", repetitions.ratioQuantile(0.75)),
                repetitions.unit() + ", " + repetitions.pairs().size() + " x, " + row.description());
        repetitions.notes().forEach(note -> out.println("    " + note));
        out.flush();
        objects.add(json(row, repetitions, verdict));
        writeJson();
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

    /** After every row, so that an interrupted run leaves the rows it has. */
    private void writeJson() {
        if (json == null) {
            return;
        }
        try {
            Files.writeString(json, objects.stream().collect(Collectors.joining(",\n", "[\n", "\n]\n")));
        } catch (IOException e) {
            throw new BenchException(
                    "--json: " + json + " cannot be written: name a file in a folder that exists and is open to you");
        }
    }

    private static String json(Row row, Repetitions repetitions, String verdict) {
        String pairs = repetitions.pairs().stream()
                .map(pair -> "[" + number("%.4f", pair.ours()) + ", " + number("%.4f", pair.reference()) + "]")
                .collect(Collectors.joining(", ", "[", "]"));
        String notes = repetitions.notes().stream()
                .map(note -> "\"" + note + "\"")
                .collect(Collectors.joining(", ", "[", "]"));
        return String.format(
                Locale.ROOT,
                "  {\"name\": \"%s\", \"description\": \"%s\", \"unit\": \"%s\", \"ours\": %.4f, \"reference\": %.4f,\n"
                        + "   \"ratio\": %.4f, \"target\": %s, \"verdict\": \"%s\", \"spread\": [%.4f, %.4f],\n"
                        + "   \"notes\": %s,\n"
                        + "   \"repetitions\": %s}",
                row.name(),
                row.description(),
                repetitions.unit(),
                repetitions.ours(),
                repetitions.reference(),
                repetitions.ratio(),
                row.mostRatio().isPresent() ? number("%.4f", row.mostRatio().getAsDouble()) : "null",
                verdict,
                repetitions.ratioQuantile(0.25),
                repetitions.ratioQuantile(0.75),
                notes,
                pairs);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
