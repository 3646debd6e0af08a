package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.PacketContents;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.fuzz.Tally;
import dev.decant.monitoring.DeadLetterRecorder;
import dev.decant.monitoring.DecantMetric;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs steps in a decoding subtask and checks every frame: that it is what its step asked for, that its samples are those of
 * its time, that the time of a segment has neither holes nor overlaps, and that the metrics say what came out.
 */
final class StepCheck implements AutoCloseable {
    private final DecodeHarness harness;
    private final ReferenceReceiver reference;
    private final Map<String, Timeline> timelines = new HashMap<>();
    private final Tally ofHarness = new Tally();
    private final Tally tally;

    /**
     * @param reference decodes all over again with libopus alone, and its samples are compared; null: none does
     * @param tally also gets what is counted here
     */
    StepCheck(TestSettings settings, ReferenceReceiver reference, Tally tally) throws Exception {
        harness = DecodeHarness.open(settings);
        this.reference = reference;
        this.tally = tally;
    }

    PcmFrame run(DecodeStep step) throws Exception {
        PcmFrame frame = harness.map(step);
        count("frames", frame.outcome(), 1);
        count("samples", frame.outcome(), frame.sampleCount());
        if (frame.deadLetter() != null) {
            count("dead letters of decoding", frame.deadLetter().reason(), 1);
        }
        checkOutcome(step, frame);
        checkTime(step, frame);
        if (reference != null) {
            reference.check(step, frame);
        }
        return frame;
    }

    /** Demands that nothing is left of streams that have all ended, and that the metrics are the sums of the frames. */
    void checkEnded() {
        assertThat(harness.stateEntries()).isZero();
        assertThat(harness.metric(DecodeMetrics.LIVE_DECODERS)).isZero();
        assertThat(harness.metric(DecodeMetrics.NATIVE_BYTES)).isZero();
        assertThat(timelines).isEmpty();
        assertThat(harness.metric(DecodeMetrics.PACKETS) + ofHarness.of("frames", Outcome.REJECTED))
                .isEqualTo(ofHarness.of("steps", Kind.PACKET));
        for (Outcome outcome : Outcome.values()) {
            assertThat(harness.metric(DecodeMetrics.SAMPLES, outcome))
                    .as("samples of " + outcome)
                    .isEqualTo(ofHarness.of("samples", outcome));
        }
        for (DeadLetter.Reason reason : DeadLetter.Reason.values()) {
            assertThat(harness.metric(DeadLetterRecorder.DEAD_LETTERS, reason))
                    .as("dead letters of " + reason)
                    .isEqualTo(ofHarness.of("dead letters of decoding", reason));
        }
    }

    /** Demands that every decoder that was brought back is as it was. */
    void checkExact() {
        assertThat(harness.restored(DecodeMetrics.Exactness.CONVERGED)).isZero();
    }

    long metric(DecantMetric metric) {
        return harness.metric(metric);
    }

    private void checkOutcome(DecodeStep step, PcmFrame frame) {
        count("steps", step.kind(), 1);
        Outcome outcome = frame.outcome();
        boolean fits =
                switch (step.kind()) {
                    case PACKET ->
                        outcome == (isDtx(step) ? Outcome.COMFORT_NOISE : Outcome.DECODED)
                                || outcome == Outcome.REJECTED;
                    case FEC -> outcome == Outcome.FEC || outcome == Outcome.CONCEALED;
                    case CONCEAL -> outcome == Outcome.CONCEALED;
                    case COMFORT_NOISE -> outcome == Outcome.COMFORT_NOISE || outcome == Outcome.CONCEALED;
                    case FILL -> outcome == Outcome.FILLED;
                    case RESET -> outcome == Outcome.RESET;
                    case END -> outcome == Outcome.END;
                };
        if (!fits
                || (frame.deadLetter() != null)
                        != (outcome == Outcome.REJECTED && !step.packet().isRedundant())) {
            fail("the step " + step + " gave " + outcome + " with " + frame.deadLetter());
        }
        if (frame.deadLetter() != null
                && !frame.deadLetter().origin().equals(step.packet().origin())) {
            fail("the step " + step + " gave the dead letter of another packet: " + frame.deadLetter());
        }
    }

    private static boolean isDtx(DecodeStep step) {
        return PacketContents.isDtx(step.payload(), step.link().layout().streamCount());
    }

    private void checkTime(DecodeStep step, PcmFrame frame) {
        PcmFormat format = frame.format();
        long expected = Math.max(0, format.samples(step.keepTo()) - format.samples(step.keepFrom()));
        boolean carried = step.kind() != Kind.FILL;
        if (frame.sampleCount() != expected
                || frame.pcm().length != (carried ? expected * format.bytesPerSample() : 0)
                || frame.segment() != step.segment()
                || format.channels() != step.link().channels()) {
            fail("the step " + step + " gave " + frame.pcm().length + " bytes, " + frame.sampleCount() + " samples");
        }
        if (step.kind() == Kind.END) {
            timelines.remove(step.streamId());
            return;
        }
        Timeline timeline = step.kind() == Kind.RESET ? new Timeline(step) : timelines.get(step.streamId());
        if (timeline == null) {
            fail("the step " + step + " belongs to no segment");
        }
        timeline.add(step, frame);
        timelines.put(step.streamId(), timeline);
    }

    private void count(String group, Object name, long count) {
        ofHarness.add(group, name, count);
        tally.add(group, name, count);
    }

    @Override
    public void close() {
        harness.close();
        if (reference != null) {
            reference.close();
        }
    }

    /** The time of one segment: each step begins where the one before ended, and so do the samples. */
    private static final class Timeline {
        private final int segment;
        private long leastEnd;
        private long end;
        private long position;

        Timeline(DecodeStep reset) {
            segment = reset.segment();
            end = reset.start();
            leastEnd = end;
        }

        void add(DecodeStep step, PcmFrame frame) {
            long stepEnd = step.start() + step.ticks();
            boolean follows = step.start() >= leastEnd && step.start() <= end;
            if (step.segment() != segment || !follows || step.ticks() < 0) {
                fail("the step " + step + " does not follow segment " + segment + " up to " + leastEnd + " or " + end);
            }
            if (step.kind() != Kind.RESET
                    && (step.keepFrom() < step.start() || step.keepFrom() > stepEnd || step.keepTo() > stepEnd)) {
                fail("the step " + step + " keeps more than it plays");
            }
            long skipped = frame.format().samples(step.link().preSkip());
            if (frame.sampleCount() > 0) {
                long from = frame.format().samples(step.keepFrom()) - skipped;
                if (frame.position() != from || from < position) {
                    fail("samples at " + frame.position() + " of the step " + step + " stand at " + from);
                }
                position = from + frame.sampleCount();
            }
            end = stepEnd;
            // What is made up may be longer than what is wanted of it; all that is kept is wanted.
            boolean madeUp = step.kind() == Kind.CONCEAL || step.kind() == Kind.COMFORT_NOISE;
            leastEnd = madeUp ? Math.max(step.keepTo(), step.start()) : stepEnd;
        }
    }
}
