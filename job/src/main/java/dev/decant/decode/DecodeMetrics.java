package dev.decant.decode;

import dev.decant.audio.DeadLetter.Reason;
import dev.decant.audio.PcmFrame.Outcome;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Every metric of decoding, named once; all stand in the group {@value #GROUP} of their operator. Counters count since
 * the task started.
 */
public final class DecodeMetrics {
    public static final String GROUP = "decant";

    /** Packets decoded. */
    public static final String PACKETS = "packets";
    /** Samples a channel that were given out; a counter for each {@code outcome}. */
    public static final String SAMPLES = "samples";
    /** Packets that did not come in time: by the numbers of those that did, or because their carrier said so. */
    public static final String LOST_PACKETS = "lostPackets";
    /** Packets that had come before, and were dropped. */
    public static final String DUPLICATE_PACKETS = "duplicatePackets";
    /** Copies of packets that came with later ones (RFC 2198); a counter for each {@code use}. */
    public static final String REDUNDANT_PACKETS = "redundantPackets";
    /** Packets of RTP that took a number and nothing else: empty, or not Opus. */
    public static final String NUMBER_ONLY_PACKETS = "numberOnlyPackets";
    /** Streams that went on elsewhere: with another SSRC, another number or another media time. */
    public static final String DISCONTINUITIES = "discontinuities";
    /** Milliseconds that the media clock is behind Kafka's record times, from the start of its segment on. */
    public static final String CLOCK_DRIFT_MILLIS = "clockDriftMillis";
    /** Streams that were over because nothing came of them for longer than {@code packets.stream-timeout}. */
    public static final String STREAMS_TIMED_OUT = "streamsTimedOut";
    /** Packets given up; a counter for each {@code reason}. */
    public static final String DEAD_LETTERS = "deadLetters";
    /** Packets whose final range is not the encoder's. */
    public static final String FINAL_RANGE_MISMATCHES = "finalRangeMismatches";
    /** Decoders thrown away because they could not be trusted any more, and brought back from state. */
    public static final String DECODERS_REBUILT = "decodersRebuilt";
    /** Processes of isolated decoders that ended, by a packet or from outside, and were replaced. */
    public static final String PROCESSES_REPLACED = "processesReplaced";
    /** 1 while decoders are in a process of their own, else 0. */
    public static final String ISOLATED = "isolated";
    /** Decoders let go because more streams were live than may be. */
    public static final String DECODERS_EVICTED = "decodersEvicted";
    /** Decoders in memory now. */
    public static final String LIVE_DECODERS = "liveDecoders";
    /** Bytes outside the heap that they take. */
    public static final String NATIVE_BYTES = "nativeBytes";
    /** Nanoseconds that decoding a packet takes, copies included; every sixteenth packet is measured. */
    public static final String DECODE_NANOS = "decodeNanos";

    /** Decoders brought back because they were not in memory, or not to be trusted; a counter for each {@code exactness}. */
    public static final String DECODERS_RESTORED = "decodersRestored";
    /** Steps run again for that. */
    public static final String STEPS_REPLAYED = "stepsReplayed";
    /** Images of decoders put into state. */
    public static final String IMAGES_TAKEN = "imagesTaken";
    /** Images that could not be made of a decoder at some moment: its log goes on. */
    public static final String IMAGES_REFUSED = "imagesRefused";
    /** Logs cut without an image, so that their streams come back converged, no longer exact. */
    public static final String LOGS_CUT = "logsCut";
    /** Bytes of an image. */
    public static final String IMAGE_BYTES = "imageBytes";
    /** Steps from one image of a decoder to the next, now. */
    public static final String IMAGE_INTERVAL = "imageInterval";

    /** How sure it is that a decoder that was brought back is as it was. */
    public enum Exactness {
        /** It is: what it gives is byte for byte what it would have given. */
        EXACT,
        /** It has run the steps that are known of its stream, from a state that is not: it sounds the same, soon. */
        CONVERGED
    }

    /** What became of a redundant packet. */
    public enum Use {
        /** It took the place of one that did not come. */
        USED,
        /** The original had come, or the time was over. */
        UNUSED
    }

    private DecodeMetrics() {}

    /** What the sequencer counts. */
    static final class OfSequencer {
        private final Counter lostPackets;
        private final Counter duplicates;
        private final Counter[] redundantPackets;
        private final Counter numberOnly;
        private final Counter discontinuities;
        private final RecentValues clockDrift;
        private final Counter streamsTimedOut;
        private final Counter[] deadLetters;

        OfSequencer(MetricGroup operator) {
            MetricGroup group = operator.addGroup(GROUP);
            lostPackets = group.counter(LOST_PACKETS);
            duplicates = group.counter(DUPLICATE_PACKETS);
            redundantPackets = new Counter[Use.values().length];
            for (Use use : Use.values()) {
                redundantPackets[use.ordinal()] =
                        group.addGroup("use", use.name()).counter(REDUNDANT_PACKETS);
            }
            numberOnly = group.counter(NUMBER_ONLY_PACKETS);
            discontinuities = group.counter(DISCONTINUITIES);
            clockDrift = group.histogram(CLOCK_DRIFT_MILLIS, new RecentValues());
            streamsTimedOut = group.counter(STREAMS_TIMED_OUT);
            deadLetters = deadLetters(group);
        }

        void recordLost(long packets) {
            lostPackets.inc(packets);
        }

        void recordDuplicate() {
            duplicates.inc();
        }

        void recordRedundantPacket(Use use) {
            redundantPackets[use.ordinal()].inc();
        }

        void recordNumberOnly() {
            numberOnly.inc();
        }

        void recordDiscontinuity() {
            discontinuities.inc();
        }

        void recordClockDrift(long millis) {
            clockDrift.update(millis);
        }

        void recordStreamTimedOut() {
            streamsTimedOut.inc();
        }

        void recordDeadLetter(Reason reason) {
            deadLetters[reason.ordinal()].inc();
        }
    }

    /** What the decoding function counts. */
    static final class OfDecoder {
        /** One in so many decodes is timed: reading the clock twice costs as much as a twentieth of the fastest. */
        private static final int TIMED_ONE_IN = 16;

        private final Counter packets;
        private final Counter[] samples;
        private final Counter[] deadLetters;
        private final Counter finalRangeMismatches;
        private final Counter decodersRebuilt;
        private final Counter processesReplaced;
        private final RecentValues decodeTimes;
        private int untilTimed;

        OfDecoder(MetricGroup operator, SubtaskEngine engine, LiveDecoders decoders) {
            MetricGroup group = operator.addGroup(GROUP);
            packets = group.counter(PACKETS);
            samples = new Counter[Outcome.values().length];
            for (Outcome outcome : Outcome.values()) {
                samples[outcome.ordinal()] =
                        group.addGroup("outcome", outcome.name()).counter(SAMPLES);
            }
            deadLetters = deadLetters(group);
            finalRangeMismatches = group.counter(FINAL_RANGE_MISMATCHES);
            decodersRebuilt = group.counter(DECODERS_REBUILT);
            processesReplaced = group.counter(PROCESSES_REPLACED);
            decodeTimes = group.histogram(DECODE_NANOS, new RecentValues());
            group.gauge(ISOLATED, (Gauge<Integer>) () -> engine.isIsolated() ? 1 : 0);
            group.gauge(DECODERS_EVICTED, (Gauge<Long>) decoders::evicted);
            group.gauge(LIVE_DECODERS, (Gauge<Integer>) decoders::count);
            group.gauge(NATIVE_BYTES, (Gauge<Long>) decoders::nativeBytes);
        }

        /** Whether the next decode is to be timed. */
        boolean timesNext() {
            if (untilTimed-- > 0) {
                return false;
            }
            untilTimed = TIMED_ONE_IN - 1;
            return true;
        }

        void recordDecodeNanos(long nanos) {
            decodeTimes.update(nanos);
        }

        void recordPacket() {
            packets.inc();
        }

        void recordSamples(Outcome outcome, long count) {
            samples[outcome.ordinal()].inc(count);
        }

        void recordDeadLetter(Reason reason) {
            deadLetters[reason.ordinal()].inc();
        }

        void recordFinalRangeMismatch() {
            finalRangeMismatches.inc();
        }

        void recordProcessReplaced() {
            processesReplaced.inc();
        }

        void recordDecoderRebuilt() {
            decodersRebuilt.inc();
        }
    }

    /** What is counted of state, and of decoders that come back from it. */
    static final class OfRecovery {
        private final Counter[] restored;
        private final Counter stepsReplayed;
        private final Counter imagesTaken;
        private final Counter imagesRefused;
        private final Counter logsCut;
        private final RecentValues imageBytes;

        OfRecovery(MetricGroup operator, ImageInterval interval) {
            MetricGroup group = operator.addGroup(GROUP);
            restored = new Counter[Exactness.values().length];
            for (Exactness exactness : Exactness.values()) {
                restored[exactness.ordinal()] =
                        group.addGroup("exactness", exactness.name()).counter(DECODERS_RESTORED);
            }
            stepsReplayed = group.counter(STEPS_REPLAYED);
            imagesTaken = group.counter(IMAGES_TAKEN);
            imagesRefused = group.counter(IMAGES_REFUSED);
            logsCut = group.counter(LOGS_CUT);
            imageBytes = group.histogram(IMAGE_BYTES, new RecentValues());
            group.gauge(IMAGE_INTERVAL, (Gauge<Integer>) interval::steps);
        }

        void recordRestored(Exactness exactness) {
            restored[exactness.ordinal()].inc();
        }

        void recordReplayed(int steps) {
            stepsReplayed.inc(steps);
        }

        void recordImage(int bytes) {
            imagesTaken.inc();
            imageBytes.update(bytes);
        }

        void recordImageRefused() {
            imagesRefused.inc();
        }

        void recordLogCut() {
            logsCut.inc();
        }
    }

    private static Counter[] deadLetters(MetricGroup group) {
        Counter[] counters = new Counter[Reason.values().length];
        for (Reason reason : Reason.values()) {
            counters[reason.ordinal()] = group.addGroup("reason", reason.name()).counter(DEAD_LETTERS);
        }
        return counters;
    }
}
