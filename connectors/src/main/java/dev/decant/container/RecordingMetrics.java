package dev.decant.container;

import dev.decant.monitoring.DecantMetric;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Every metric of reading recordings, named once: those of the reader stand at its operator, those of the enumerator at the
 * JobManager's side of it.
 */
public final class RecordingMetrics {
    public static final DecantMetric RECORDINGS_READ =
            DecantMetric.counter("recordingsRead", "recordings", "Recordings that were read to their ends");
    public static final DecantMetric RECORDINGS_FAILED = DecantMetric.counter(
            "recordingsFailed", "recordings", "Recordings of which nothing, or nothing more, could be read");
    public static final DecantMetric RECORDING_PACKETS =
            DecantMetric.counter("recordingPackets", "packets", "Packets that were read of recordings");
    public static final DecantMetric RECORDING_BYTES =
            DecantMetric.counter("recordingBytes", "bytes", "Bytes of recordings that were read");

    public static final DecantMetric RECORDINGS_FOUND = DecantMetric.gauge(
            "recordingsFound",
            "recordings",
            "Recordings that were found since the job first started, those that are skipped included");
    public static final DecantMetric RECORDINGS_SKIPPED =
            DecantMetric.gauge("recordingsSkipped", "recordings", "Of these, those that an earlier run has done");
    public static final DecantMetric BYTES_FOUND =
            DecantMetric.gauge("bytesFound", "bytes", "The sizes of the others, as far as they are known");
    public static final DecantMetric LISTED =
            DecantMetric.gauge("listed", "0 or 1", "1 once everything has been found");

    public static final List<DecantMetric> OF_READER =
            List.of(RECORDINGS_READ, RECORDINGS_FAILED, RECORDING_PACKETS, RECORDING_BYTES);
    public static final List<DecantMetric> OF_ENUMERATOR =
            List.of(RECORDINGS_FOUND, RECORDINGS_SKIPPED, BYTES_FOUND, LISTED);

    private RecordingMetrics() {}

    /** What readers count. */
    static final class Read {
        private final Counter recordingsRead;
        private final Counter recordingsFailed;
        private final Counter recordingPackets;
        private final Counter recordingBytes;

        Read(MetricGroup reader) {
            recordingsRead = RECORDINGS_READ.registerCounter(reader);
            recordingsFailed = RECORDINGS_FAILED.registerCounter(reader);
            recordingPackets = RECORDING_PACKETS.registerCounter(reader);
            recordingBytes = RECORDING_BYTES.registerCounter(reader);
        }

        void recordPacket() {
            recordingPackets.inc();
        }

        void recordBytes(long bytes) {
            recordingBytes.inc(bytes);
        }

        void recordEnd(RecordingEnd end) {
            (end.failure() == null ? recordingsRead : recordingsFailed).inc();
        }
    }

    /** What the enumerator has found. */
    static final class Found {
        /** Written by the coordinator's thread, read by those that report metrics. */
        private volatile WalkPlace place;

        private volatile int listed;

        Found(MetricGroup enumerator, WalkPlace start) {
            place = start;
            RECORDINGS_FOUND.registerGauge(enumerator, () -> place.found());
            RECORDINGS_SKIPPED.registerGauge(enumerator, () -> place.skipped());
            BYTES_FOUND.registerGauge(enumerator, () -> place.bytes());
            LISTED.registerGauge(enumerator, () -> listed);
        }

        void record(Stretch stretch) {
            place = stretch.end();
            listed = stretch.isLast() ? 1 : 0;
        }
    }
}
