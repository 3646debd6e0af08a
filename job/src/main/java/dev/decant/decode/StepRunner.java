package dev.decant.decode;

import dev.decant.audio.PcmFormat;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.monitoring.LimitedLog;
import dev.decant.opus.OpusDecoder;
import dev.decant.opus.OpusError;
import dev.decant.opus.OpusError.Remedy;
import dev.decant.opus.OpusException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs steps in the decoders of their streams. A decoder that cannot be trusted is thrown away and brought back, and the
 * step run once more.
 */
final class StepRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);
    private static final byte[] NO_PCM = new byte[0];

    /** A decoder that breaks, or a process that a packet ends, may have had another reason: once. */
    private static final int FAILURES = 2;

    /** A process that is ended from outside says nothing about a packet, but one that always is cannot be worked with. */
    private static final int KILLS = 10;

    private final SubtaskEngine engine;
    private final LiveDecoders decoders;
    private final DecoderRecovery recovery;
    private final ImageInterval interval;
    private final DecodeMetrics.OfDecoder metrics;
    private final LimitedLog rebuilt = new LimitedLog("decoders that were thrown away", LOG::warn);

    StepRunner(
            SubtaskEngine engine,
            LiveDecoders decoders,
            DecoderRecovery recovery,
            ImageInterval interval,
            DecodeMetrics.OfDecoder metrics) {
        this.engine = engine;
        this.decoders = decoders;
        this.recovery = recovery;
        this.interval = interval;
        this.metrics = metrics;
    }

    /** A stream begins, with a decoder in its first state. */
    void begin(DecodeStep step) {
        Failures failures = new Failures();
        while (true) {
            try {
                recovery.begin(step);
                return;
            } catch (OpusException failure) {
                settle(failure, step);
                failures.add(failure);
            }
        }
    }

    /**
     * Runs a step.
     *
     * @param step whose samples are wanted
     * @param call what gives them
     * @return what is kept of them
     * @throws OpusException if the decoder refuses the packet, or breaks on it twice, or its process ends by it twice: then
     *     the stream's decoder is as it was before, but for what a refusal changes in it; or if going on makes no sense
     */
    byte[] run(DecodeStep step, LoggedStep call) {
        Failures failures = new Failures();
        while (true) {
            try {
                return runOnce(step, call);
            } catch (OpusException failure) {
                settle(failure, step);
                failures.add(failure);
            }
        }
    }

    /**
     * Makes up the samples of a step whose packet cannot be used.
     *
     * @throws OpusException if not even that can be done
     */
    byte[] conceal(DecodeStep step) {
        LoggedStep call = LoggedStep.concealing(step);
        try {
            return run(step, call);
        } catch (OpusException failure) {
            if (failure.error().remedy() == Remedy.FAIL) {
                throw failure;
            }
            // Not the packet is to blame, but the state that the decoder always comes back in.
            begin(step);
            return run(step, call);
        }
    }

    /** Closes nothing but its log. */
    @Override
    public void close() {
        rebuilt.close();
    }

    private byte[] runOnce(DecodeStep step, LoggedStep call) {
        LiveDecoder live = recovery.decoder(step);
        byte[] pcm = samplesOrRefusal(live, step, call);
        if (call.kind() == Kind.PACKET && live.canCompareRange(step)) {
            boolean differs = rangeDiffers(live, step);
            if (differs && !live.rangesDiffer()) {
                return runInDoubt(live, pcm, step, call);
            }
            recordRange(live, differs);
        }
        recovery.record(step, live, call);
        return pcm;
    }

    /**
     * The final range is not the encoder's: either the decoder's memory was changed, or the producer sends wrong ranges. A
     * decoder that was brought back tells; without one, the producer is to blame, and is as long as the ranges differ.
     */
    private byte[] runInDoubt(LiveDecoder live, byte[] pcm, DecodeStep step, LoggedStep call) {
        Optional<LiveDecoder> rebuilt = recovery.rebuild(step, live);
        LiveDecoder sure = rebuilt.orElse(live);
        byte[] surePcm = rebuilt.isPresent() ? samples(sure, step, call) : pcm;
        boolean comparable = sure.canCompareRange(step);
        boolean stillDiffers = comparable && rangeDiffers(sure, step);
        if (!stillDiffers) {
            recordRebuilt(
                    step,
                    comparable
                            ? "its final range was not the encoder's, and is now"
                            : "its final range was not the encoder's, and it came back converged");
        }
        recordRange(sure, stillDiffers);
        recovery.record(step, sure, call);
        return surePcm;
    }

    private static boolean rangeDiffers(LiveDecoder live, DecodeStep step) {
        return live.decoder().finalRange() != step.packet().finalRange();
    }

    private void recordRange(LiveDecoder live, boolean differs) {
        live.recordRangesDiffer(differs);
        if (differs) {
            metrics.recordFinalRangeMismatch();
        }
    }

    /** Lets go what cannot be used any more: whoever needs a decoder next brings it back from state. */
    private void settle(OpusException failure, DecodeStep step) {
        switch (failure.error().remedy()) {
            case REBUILD_DECODER -> {
                decoders.release(step.streamId());
                recordRebuilt(step, failure.getMessage());
            }
            case REPLACE_ENGINE -> {
                engine.replace(decoders, failure, step);
                metrics.recordProcessReplaced();
            }
            case SKIP_PACKET, FAIL -> {
                // The decoder is sound, or the task ends.
            }
        }
    }

    private void recordRebuilt(DecodeStep step, String reason) {
        metrics.recordDecoderRebuilt();
        rebuilt.write(() -> "A decoder was thrown away and comes back from state, at " + step.place() + ": " + reason);
    }

    /** A refusal is part of what the decoder did: it may have been changed by it. */
    private byte[] samplesOrRefusal(LiveDecoder live, DecodeStep step, LoggedStep call) {
        try {
            return samples(live, step, call);
        } catch (OpusException failure) {
            if (failure.error().remedy() == Remedy.SKIP_PACKET) {
                recovery.record(step, live, call.asRefused());
            }
            throw failure;
        }
    }

    private byte[] samples(LiveDecoder live, DecodeStep step, LoggedStep call) {
        boolean timed = call.kind() == Kind.PACKET && metrics.timesNext();
        long before = timed ? System.nanoTime() : 0;
        call.run(live.decoder());
        byte[] pcm = keptPcm(step, live.decoder());
        if (timed) {
            long nanos = System.nanoTime() - before;
            metrics.recordDecodeNanos(nanos);
            interval.recordDecodeNanos(nanos);
        }
        return pcm;
    }

    /** What is kept of the samples that the decoder just gave. */
    private byte[] keptPcm(DecodeStep step, OpusDecoder decoder) {
        PcmFormat format = decoders.format(step.link());
        long first = format.samples(step.start());
        int from = (int) (format.samples(step.keepFrom()) - first);
        int to = (int) (format.samples(step.keepTo()) - first);
        return to > from ? decoder.pcm(from, to) : NO_PCM;
    }

    /** The failures of one step. */
    private static final class Failures {
        private int count;
        private int kills;

        /**
         * @throws OpusException the failure, if the step is not to be run again
         */
        void add(OpusException failure) {
            boolean last =
                    switch (failure.error().remedy()) {
                        case SKIP_PACKET, FAIL -> true;
                        case REBUILD_DECODER -> ++count == FAILURES;
                        case REPLACE_ENGINE ->
                            failure.error() == OpusError.PROCESS_KILLED ? ++kills == KILLS : ++count == FAILURES;
                    };
            if (last) {
                throw failure;
            }
        }
    }
}
