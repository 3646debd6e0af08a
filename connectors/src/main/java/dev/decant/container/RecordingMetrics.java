package dev.decant.container;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Every metric of reading recordings, named once; all stand in the group {@value #GROUP}, those of the reader at its
 * operator, those of the enumerator at the JobManager's side of it.
 */
public final class RecordingMetrics {
    public static final String GROUP = "decant";

    /** Reader: recordings that were read to their ends, since the task started. */
    public static final String RECORDINGS_READ = "recordingsRead";
    /** Reader: recordings of which nothing, or nothing more, could be read, since the task started. */
    public static final String RECORDINGS_FAILED = "recordingsFailed";
    /** Reader: packets that went on, since the task started. */
    public static final String RECORDING_PACKETS = "recordingPackets";
    /** Reader: bytes of recordings that were read, since the task started. */
    public static final String RECORDING_BYTES = "recordingBytes";

    /** Enumerator: recordings that were found, those that are skipped included, since the job first started. */
    public static final String RECORDINGS_FOUND = "recordingsFound";
    /** Enumerator: of these, those that an earlier run has done, since the job first started. */
    public static final String RECORDINGS_SKIPPED = "recordingsSkipped";
    /** Enumerator: the sizes of the others, as far as they are known, since the job first started. */
    public static final String BYTES_FOUND = "bytesFound";
    /** Enumerator: 1 once everything has been found, before that 0. */
    public static final String LISTED = "listed";

    private RecordingMetrics() {}

    /** What readers count. */
    static final class Read {
        private final Counter recordingsRead;
        private final Counter recordingsFailed;
        private final Counter recordingPackets;
        private final Counter recordingBytes;

        Read(MetricGroup reader) {
            MetricGroup group = reader.addGroup(GROUP);
            recordingsRead = group.counter(RECORDINGS_READ);
            recordingsFailed = group.counter(RECORDINGS_FAILED);
            recordingPackets = group.counter(RECORDING_PACKETS);
            recordingBytes = group.counter(RECORDING_BYTES);
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
            MetricGroup group = enumerator.addGroup(GROUP);
            group.gauge(RECORDINGS_FOUND, () -> place.found());
            group.gauge(RECORDINGS_SKIPPED, () -> place.skipped());
            group.gauge(BYTES_FOUND, () -> place.bytes());
            group.gauge(LISTED, () -> listed);
        }

        void record(Stretch stretch) {
            place = stretch.end();
            listed = stretch.isLast() ? 1 : 0;
        }
    }
}
