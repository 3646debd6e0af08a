package dev.decant.job;

import dev.decant.audio.Printable;
import dev.decant.file.RecordingStatus;
import dev.decant.file.Report;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.Path;

/**
 * What is said of a batch once it is over.
 *
 * @param report where the whole report is
 */
record TranscodeSummary(Report.Summary summary, Path report) {

    /**
     * Prints it all: first those that did not end well, if there are not too many.
     *
     * @param time how long it took, as far as that says something
     */
    void print(PrintWriter terminal, String time) {
        // Names are the files', and may hold what a terminal would obey.
        summary.failures().forEach(failure -> terminal.println("  " + Printable.of(failure)));
        long failures = summary.total() - summary.count(RecordingStatus.OK);
        if (failures > summary.failures().size()) {
            terminal.printf(
                    Locale.ROOT,
                    "  and %,d more%n",
                    failures - summary.failures().size());
        }
        terminal.printf("%s%s%nReport: %s%n", counted(), time, place());
    }

    /** How fast a run was that did it all. */
    String speed(double seconds) {
        return String.format(Locale.ROOT, " in %.1f s, %.0f times real time", seconds, summary.seconds() / seconds);
    }

    private String counted() {
        return String.format(
                Locale.ROOT,
                "%,d recording%s (%s), %.2f h of audio",
                summary.total(),
                summary.total() == 1 ? "" : "s",
                Arrays.stream(RecordingStatus.values())
                        .filter(status -> status == RecordingStatus.OK || summary.count(status) > 0)
                        .map(status -> String.format(Locale.ROOT, "%,d %s", summary.count(status), status.label()))
                        .collect(Collectors.joining(", ")),
                summary.seconds() / 3_600);
    }

    private String place() {
        return "file".equals(report.toUri().getScheme()) ? report.getPath() : report.toString();
    }
}
