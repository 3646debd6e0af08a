package dev.decant.container;

import dev.decant.audio.MediaClock;
import dev.decant.audio.OpusHead;
import dev.decant.audio.Printable;
import dev.decant.audio.Toc.Bandwidth;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A {@link RecordingSummary} as lines, the same in every language and country. */
final class RecordingSummaryText {
    private final StringBuilder text = new StringBuilder();

    private RecordingSummaryText() {}

    static String of(RecordingSummary summary) {
        RecordingSummaryText lines = new RecordingSummaryText();
        lines.text.append(Printable.of(summary.path())).append('\n');
        lines.line("size", "%,d bytes, %s, %s", summary.bytes(), summary.container(), counted(summary.links(), "link"));
        lines.header(summary.head());
        lines.line(
                "length",
                "%.3f s, %,d samples a channel at 48 kHz",
                MediaClock.seconds(summary.playedTicks()),
                summary.playedTicks());
        lines.line("trimmed", "%,d samples, besides the pre-skip", summary.trimmedTicks());
        lines.line("packets", "%,d, %.1f kbit/s", summary.packets(), summary.bitrate() / 1000);
        if (summary.head().streamCount() == 1) {
            lines.line("", "%,d silent, %,d malformed", summary.silentPackets(), summary.malformedPackets());
        }
        lines.line("modes", "%s", listed(summary.modes(), Enum::name));
        lines.line("bandwidths", "%s", listed(summary.bandwidths(), Bandwidth::label));
        lines.line("frames", "%s", listed(summary.frameTicks(), RecordingSummaryText::milliseconds));
        long coded =
                summary.modes().values().stream().mapToLong(Long::longValue).sum();
        lines.line("coded", "%,d mono, %,d stereo", coded - summary.stereoPackets(), summary.stereoPackets());
        if (summary.problems().isEmpty()) {
            lines.line("problems", "none");
        }
        for (RecordingProblem problem : summary.problems()) {
            lines.line("problem", "%s", Printable.of(problem.toString()));
        }
        return lines.text.toString();
    }

    private void header(OpusHead head) {
        line(
                "header",
                "%s, mapping family %d, %s, %d coupled",
                counted(head.channels(), "channel"),
                head.mappingFamily(),
                counted(head.streamCount(), "stream"),
                head.coupledCount());
        line(
                "",
                "pre-skip %,d samples, gain %.2f dB, input rate %s",
                head.preSkip(),
                head.outputGain() / 256.0,
                head.inputSampleRate() == 0 ? "unknown" : String.format(Locale.ROOT, "%,d Hz", head.inputSampleRate()));
    }

    private void line(String subject, String format, Object... values) {
        text.append("  %-12s".formatted(subject))
                .append(String.format(Locale.ROOT, format, values))
                .append('\n');
    }

    private static <K> String listed(Map<K, Long> counts, Function<K, String> name) {
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(count ->
                                String.format(Locale.ROOT, "%s %,d", name.apply(count.getKey()), count.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String milliseconds(int ticks) {
        return ticks % 48 == 0 ? ticks / 48 + " ms" : String.format(Locale.ROOT, "%.1f ms", ticks / 48.0);
    }

    private static String counted(long count, String thing) {
        return String.format(Locale.ROOT, count == 1 ? "%,d %s" : "%,d %ss", count, thing);
    }
}
