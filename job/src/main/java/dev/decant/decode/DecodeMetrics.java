package dev.decant.decode;

import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.monitoring.DecantMetric;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Every metric of sequencing and decoding, named once. */
public final class DecodeMetrics {
    public static final DecantMetric PACKETS = DecantMetric.counter("packets", "packets", "Packets decoded");
    public static final DecantMetric SAMPLES = DecantMetric.counterBy(
            "outcome",
            Outcome.class,
            "samples",
            "samples",
            "Samples a channel that were given out; divided by `pcmRate` they are seconds");
    public static final DecantMetric PCM_RATE =
            DecantMetric.gauge("pcmRate", "Hz", "Samples that a second and a channel has");
    public static final DecantMetric LOST_PACKETS = DecantMetric.counter(
            "lostPackets",
            "packets",
            "Packets that did not come in time: by the numbers of those that did, or because their carrier said so");
    public static final DecantMetric DUPLICATE_PACKETS =
            DecantMetric.counter("duplicatePackets", "packets", "Packets that had come before, and were dropped");
    public static final DecantMetric REDUNDANT_PACKETS = DecantMetric.counterBy(
            "use",
            Use.class,
            "redundantPackets",
            "packets",
            "Copies of packets that came with later ones (RFC 2198), and whether one took the place of a packet that did"
                    + " not come");
    public static final DecantMetric NUMBER_ONLY_PACKETS = DecantMetric.counter(
            "numberOnlyPackets", "packets", "Packets of RTP that took a number and nothing else: empty, or not Opus");
    public static final DecantMetric DISCONTINUITIES = DecantMetric.counter(
            "discontinuities",
            "streams",
            "Streams that went on elsewhere: with another SSRC, another number or another media time");
    public static final DecantMetric CLOCK_DRIFT_MILLIS = DecantMetric.histogram(
            "clockDriftMillis",
            "ms",
            "Time that the media clock is behind Kafka's record times, from the start of its segment on");
    public static final DecantMetric STREAMS_TIMED_OUT = DecantMetric.counter(
            "streamsTimedOut",
            "streams",
            "Streams that were over because nothing came of them for longer than `packets.stream-timeout`");
    public static final DecantMetric FINAL_RANGE_MISMATCHES =
            DecantMetric.counter("finalRangeMismatches", "packets", "Packets whose final range is not the encoder's");
    public static final DecantMetric DECODERS_REBUILT = DecantMetric.counter(
            "decodersRebuilt",
            "decoders",
            "Decoders thrown away because they could not be trusted any more, and brought back from state");
    public static final DecantMetric PROCESSES_REPLACED = DecantMetric.counter(
            "processesReplaced",
            "processes",
            "Processes of isolated decoders that ended, by a packet or from outside, and were replaced");
    public static final DecantMetric ISOLATED =
            DecantMetric.gauge("isolated", "0 or 1", "1 while decoders are in a process of their own");
    public static final DecantMetric DECODERS_EVICTED = DecantMetric.counter(
            "decodersEvicted", "decoders", "Decoders let go because more streams were live than may be");
    public static final DecantMetric LIVE_DECODERS =
            DecantMetric.gauge("liveDecoders", "decoders", "Decoders in memory now");
    public static final DecantMetric NATIVE_BYTES =
            DecantMetric.gauge("nativeBytes", "bytes", "Memory outside the heap that they take");
    public static final DecantMetric NATIVE_BUDGET_BYTES = DecantMetric.gauge(
            "nativeBudgetBytes",
            "bytes",
            "Memory outside the heap that they may take; beyond it the least recently used is let go");
    public static final DecantMetric DECODE_NANOS = DecantMetric.histogram(
            "decodeNanos", "ns", "Time that decoding a packet takes, copies included; every sixteenth is measured");

    public static final DecantMetric DECODERS_RESTORED = DecantMetric.counterBy(
            "exactness",
            Exactness.class,
            "decodersRestored",
            "decoders",
            "Decoders brought back because they were not in memory, or not to be trusted, and whether each is as it was");
    public static final DecantMetric STEPS_REPLAYED =
            DecantMetric.counter("stepsReplayed", "steps", "Steps run again for that");
    public static final DecantMetric IMAGES_TAKEN =
            DecantMetric.counter("imagesTaken", "images", "Images of decoders put into state");
    public static final DecantMetric IMAGES_REFUSED = DecantMetric.counter(
            "imagesRefused", "images", "Images that could not be made of a decoder at some moment: its log goes on");
    public static final DecantMetric LOGS_CUT = DecantMetric.counter(
            "logsCut",
            "logs",
            "Logs cut without an image, so that their streams would come back converged, no longer exact");
    public static final DecantMetric IMAGE_BYTES = DecantMetric.histogram("imageBytes", "bytes", "Size of an image");
    public static final DecantMetric IMAGE_INTERVAL =
            DecantMetric.gauge("imageInterval", "steps", "Steps from one image of a decoder to the next, now");

    public static final List<DecantMetric> OF_SEQUENCER = List.of(
            LOST_PACKETS,
            DUPLICATE_PACKETS,
            REDUNDANT_PACKETS,
            NUMBER_ONLY_PACKETS,
            DISCONTINUITIES,
            CLOCK_DRIFT_MILLIS,
            STREAMS_TIMED_OUT);

    public static final List<DecantMetric> OF_DECODER = List.of(
            PACKETS,
            SAMPLES,
            PCM_RATE,
            DECODE_NANOS,
            LIVE_DECODERS,
            NATIVE_BYTES,
            NATIVE_BUDGET_BYTES,
            DECODERS_EVICTED,
            DECODERS_REBUILT,
            DECODERS_RESTORED,
            STEPS_REPLAYED,
            IMAGES_TAKEN,
            IMAGES_REFUSED,
            IMAGE_BYTES,
            IMAGE_INTERVAL,
            LOGS_CUT,
            ISOLATED,
            PROCESSES_REPLACED,
            FINAL_RANGE_MISMATCHES);

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

        OfSequencer(MetricGroup operator) {
            lostPackets = LOST_PACKETS.registerCounter(operator);
            duplicates = DUPLICATE_PACKETS.registerCounter(operator);
            redundantPackets = REDUNDANT_PACKETS.registerCounters(operator);
            numberOnly = NUMBER_ONLY_PACKETS.registerCounter(operator);
            discontinuities = DISCONTINUITIES.registerCounter(operator);
            clockDrift = CLOCK_DRIFT_MILLIS.registerHistogram(operator, new RecentValues());
            streamsTimedOut = STREAMS_TIMED_OUT.registerCounter(operator);
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
    }

    /** What the decoding function counts. */
    static final class OfDecoder {
        /** One in so many decodes is timed: reading the clock twice costs as much as a twentieth of the fastest. */
        private static final int TIMED_ONE_IN = 16;

        private final Counter packets;
        private final Counter[] samples;
        private final Counter finalRangeMismatches;
        private final Counter decodersRebuilt;
        private final Counter processesReplaced;
        private final RecentValues decodeTimes;
        private int untilTimed;

        OfDecoder(MetricGroup operator, DecodeSettings settings, SubtaskEngine engine, LiveDecoders decoders) {
            packets = PACKETS.registerCounter(operator);
            samples = SAMPLES.registerCounters(operator);
            finalRangeMismatches = FINAL_RANGE_MISMATCHES.registerCounter(operator);
            decodersRebuilt = DECODERS_REBUILT.registerCounter(operator);
            processesReplaced = PROCESSES_REPLACED.registerCounter(operator);
            decodeTimes = DECODE_NANOS.registerHistogram(operator, new RecentValues());
            PCM_RATE.registerGauge(operator, settings::rate);
            ISOLATED.registerGauge(operator, () -> engine.isIsolated() ? 1 : 0);
            DECODERS_EVICTED.registerCounter(operator, decoders.evicted());
            LIVE_DECODERS.registerGauge(operator, decoders::count);
            NATIVE_BYTES.registerGauge(operator, decoders::nativeBytes);
            NATIVE_BUDGET_BYTES.registerGauge(operator, decoders::nativeBudget);
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
            restored = DECODERS_RESTORED.registerCounters(operator);
            stepsReplayed = STEPS_REPLAYED.registerCounter(operator);
            imagesTaken = IMAGES_TAKEN.registerCounter(operator);
            imagesRefused = IMAGES_REFUSED.registerCounter(operator);
            logsCut = LOGS_CUT.registerCounter(operator);
            imageBytes = IMAGE_BYTES.registerHistogram(operator, new RecentValues());
            IMAGE_INTERVAL.registerGauge(operator, interval::steps);
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
}
