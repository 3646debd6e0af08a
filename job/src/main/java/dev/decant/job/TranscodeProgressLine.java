package dev.decant.job;

import dev.decant.container.RecordingMetrics;
import dev.decant.decode.DecodeMetrics;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * How far a transcoding job is, in a line.
 *
 * @param read recordings that were read, as far as that went
 * @param failed how many of these could not be read to their ends
 * @param found recordings that are known of and are to be read
 * @param listed whether that is all there are
 * @param bytesRead how much of them was read
 * @param bytesFound how much there is, as far as that is known
 * @param audioSeconds decoded
 * @param seconds since the job was started
 */
record TranscodeProgressLine(
        long read,
        long failed,
        long found,
        boolean listed,
        double bytesRead,
        double bytesFound,
        double audioSeconds,
        double seconds) {
    private static final int BAR_WIDTH = 24;

    /**
     * @param metrics their sums by name; what is missing is 0
     * @param rate of the output
     */
    static TranscodeProgressLine of(Map<String, Double> metrics, int rate, double seconds) {
        double failed = metrics.getOrDefault(RecordingMetrics.RECORDINGS_FAILED.name(), 0.0);
        double skipped = metrics.getOrDefault(RecordingMetrics.RECORDINGS_SKIPPED.name(), 0.0);
        return new TranscodeProgressLine(
                (long) (metrics.getOrDefault(RecordingMetrics.RECORDINGS_READ.name(), 0.0) + failed),
                (long) failed,
                (long) (metrics.getOrDefault(RecordingMetrics.RECORDINGS_FOUND.name(), 0.0) - skipped),
                metrics.getOrDefault(RecordingMetrics.LISTED.name(), 0.0) > 0,
                metrics.getOrDefault(RecordingMetrics.RECORDING_BYTES.name(), 0.0),
                metrics.getOrDefault(RecordingMetrics.BYTES_FOUND.name(), 0.0),
                metrics.getOrDefault(DecodeMetrics.SAMPLES.name(), 0.0) / rate,
                seconds);
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%,d of %,d%s recordings, %.1f h of audio, %.0f times real time, %,d failed%s",
                read,
                found,
                listed ? "" : " or more",
                audioSeconds / 3_600,
                audioSeconds / seconds,
                failed,
                timeLeft());
    }

    /** The line with a bar before it, of which the length is by bytes: recordings differ in theirs. */
    String bar() {
        int full = (int) Math.round(BAR_WIDTH * done());
        return "[" + "#".repeat(full) + "-".repeat(BAR_WIDTH - full) + "] " + text();
    }

    private double done() {
        return listed && bytesFound > 0 ? Math.min(1, bytesRead / bytesFound) : 0;
    }

    private String timeLeft() {
        if (done() == 0) {
            return "";
        }
        Duration left = Duration.ofSeconds(Math.round(seconds * (1 - done()) / done()));
        return String.format(
                Locale.ROOT, ", %d:%02d:%02d left", left.toHours(), left.toMinutesPart(), left.toSecondsPart());
    }
}
