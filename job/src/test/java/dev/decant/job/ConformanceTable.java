package dev.decant.job;

import dev.decant.audio.PcmFormat;
import dev.decant.opus.OfficialVector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The quality of every vector, a line for each library and format. */
final class ConformanceTable {
    private static final String TITLE =
            "The official vectors through the job: quality in percent by the measure of opus_compare, beside the better of"
                    + " both references; a vector fails below 0.";

    private final List<String> lines = new ArrayList<>();

    /** @param qualities of the vectors, in order */
    void add(String library, PcmFormat format, Collection<Double> qualities) {
        StringBuilder line =
                new StringBuilder(String.format("%-9s %6d %8d", library, format.rate(), format.channels()));
        qualities.forEach(quality -> line.append(String.format(Locale.ROOT, " %6.1f", quality)));
        long passed = qualities.stream().filter(quality -> quality >= 0).count();
        lines.add(line.append(String.format("  %d of %d", passed, qualities.size()))
                .toString());
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder heading = new StringBuilder(String.format("%-9s %6s %8s", "library", "rate", "channels"));
        for (int number = 1; number <= OfficialVector.COUNT; number++) {
            heading.append(String.format("     %02d", number));
        }
        return String.join(
                        System.lineSeparator(), TITLE, heading + "  passed", String.join(System.lineSeparator(), lines))
                + System.lineSeparator();
    }
}
