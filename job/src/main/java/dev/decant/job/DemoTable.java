package dev.decant.job;

import dev.decant.audio.Printable;
import dev.decant.file.WavManifest;
import dev.decant.job.DeadLetterCounts.Count;
import dev.decant.job.RecordingProducer.Sent;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What became of each recording of a demo. */
final class DemoTable {
    private final List<Row> rows;
    private final Path out;

    private DemoTable(List<Row> rows, Path out) {
        this.rows = rows;
        this.out = out;
    }

    /**
     * @param seconds of audio
     * @param problem what went wrong, null if nothing did
     * @param file the WAV file, null if there is none
     */
    private record Row(String streamId, long packets, double seconds, String problem, String file) {
        String outcome() {
            if (problem == null) {
                return "decoded";
            }
            return file == null ? "not decoded" : "in part";
        }
    }

    /**
     * @param sent what was sent, a recording each
     * @param written what this run can have written of what the output folder holds
     * @param deadLetters what could not be used, by stream
     */
    static DemoTable of(List<Sent> sent, List<WavManifest.Entry> written, Map<String, Count> deadLetters, Path out) {
        Map<String, WavManifest.Entry> files = written.stream()
                .collect(Collectors.toMap(WavManifest.Entry::streamId, Function.identity(), (before, last) -> last));
        List<Row> rows = new ArrayList<>();
        for (Sent one : sent) {
            String streamId = one.recording().streamId();
            WavManifest.Entry file = files.get(streamId);
            rows.add(new Row(
                    streamId,
                    one.packets(),
                    file == null ? 0 : file.seconds(),
                    problem(one, deadLetters.get(streamId), file),
                    file == null ? null : file.file()));
        }
        return new DemoTable(rows, out);
    }

    /** Whether every recording was decoded, and all of it. */
    boolean isWhole() {
        return rows.stream().allMatch(row -> row.problem() == null);
    }

    /**
     * @param seconds that decoding took
     */
    void print(PrintWriter terminal, double seconds) {
        int width = rows.stream()
                .mapToInt(row -> Printable.of(row.streamId()).length())
                .max()
                .orElse(0);
        String line = "%-" + Math.max(width, "stream".length()) + "s  %8s  %9s  %-11s  %s%n";
        terminal.println();
        terminal.printf(line, "stream", "packets", "audio", "outcome", "file");
        for (Row row : rows) {
            terminal.printf(
                    line,
                    Printable.of(row.streamId()),
                    String.format("%,d", row.packets()),
                    String.format("%.2f s", row.seconds()),
                    row.outcome(),
                    row.file() == null ? "-" : row.file());
        }
        rows.stream()
                .filter(row -> row.problem() != null)
                .forEach(row -> terminal.println("  " + Printable.of(row.problem())));
        double audio = rows.stream().mapToDouble(Row::seconds).sum();
        terminal.printf(
                "%n%.1f s of audio in %.1f s, start of the job included: %.0f times real time. WAV files: %s%n",
                audio, seconds, audio / seconds, out);
    }

    private static String problem(Sent sent, Count deadLetters, WavManifest.Entry file) {
        if (deadLetters != null) {
            String streamId = sent.recording().streamId();
            return String.format(
                    "%s: %,d of %,d packets could not be used: %s",
                    streamId, deadLetters.count(), sent.packets(), deadLetters.message());
        }
        if (sent.problem() != null) {
            return sent.problem();
        }
        return file == null ? sent.recording().path() + ": no packets" : null;
    }
}
