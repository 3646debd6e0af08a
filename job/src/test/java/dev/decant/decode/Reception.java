package dev.decant.decode;

import dev.decant.audio.DeadLetter;
import dev.decant.audio.OpusPacket;
import dev.decant.audio.PcmFrame;
import dev.decant.monitoring.DecantMetric;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What sequencer and decoder make of packets.
 *
 * @param steps what the decoder was asked to do
 * @param frames one for each step
 * @param deadLetters of the sequencer
 * @param metrics of the sequencer
 */
record Reception(List<DecodeStep> steps, List<PcmFrame> frames, List<DeadLetter> deadLetters, RecordedMetrics metrics) {

    /** Lets the packets in, in their order, and then the end of all input. */
    static Reception of(List<OpusPacket> packets, TestSettings settings) throws Exception {
        try (SequencerHarness sequencer = SequencerHarness.open(1, SequencerSettings.usual())) {
            sequencer.send(packets.toArray(OpusPacket[]::new)).endInput();
            List<DecodeStep> steps = sequencer.steps();
            return new Reception(steps, frames(steps, settings), sequencer.deadLetters(), sequencer.metrics());
        }
    }

    private static List<PcmFrame> frames(List<DecodeStep> steps, TestSettings settings) throws Exception {
        List<PcmFrame> frames = new ArrayList<>();
        try (DecodeHarness decoder = DecodeHarness.open(settings)) {
            for (DecodeStep step : steps) {
                frames.add(decoder.map(step));
            }
        }
        return frames;
    }

    /** The steps of a segment, {@link DecodeStep.Kind#RESET} and {@link DecodeStep.Kind#END} left out. */
    List<DecodeStep> playing(int segment) {
        return steps.stream()
                .filter(step -> step.segment() == segment && step.ticks() > 0)
                .toList();
    }

    /** All samples, with silence where a gap is filled. */
    byte[] pcm() {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        for (PcmFrame frame : frames) {
            pcm.writeBytes(
                    frame.outcome() == PcmFrame.Outcome.FILLED
                            ? new byte
                                    [(int) frame.sampleCount() * frame.format().bytesPerSample()]
                            : frame.pcm());
        }
        return pcm.toByteArray();
    }

    /** A counter of the sequencer. */
    long counted(DecantMetric metric) {
        return metrics.value(metric.path());
    }

    /** The counter of the sequencer that has this label. */
    long counted(DecantMetric metric, Enum<?> label) {
        return metrics.value(metric.path(label));
    }
}
