package dev.decant.decode;

import dev.decant.audio.PcmFormat;
import dev.decant.decode.DecodeStep.Kind;
import dev.decant.opus.OpusDecoder;
import dev.decant.opus.OpusError.Remedy;
import dev.decant.opus.OpusException;
import java.util.Optional;

/**
 * Runs steps in the decoders of their streams. A decoder that cannot be trusted is thrown away and brought back, and the
 * step run once more.
 */
final class StepRunner {
    private static final byte[] NO_PCM = new byte[0];
    private static final int ATTEMPTS = 2;

    private final LiveDecoders decoders;
    private final DecoderRecovery recovery;
    private final ImageInterval interval;
    private final DecodeMetrics.OfDecoder metrics;

    StepRunner(
            LiveDecoders decoders, DecoderRecovery recovery, ImageInterval interval, DecodeMetrics.OfDecoder metrics) {
        this.decoders = decoders;
        this.recovery = recovery;
        this.interval = interval;
        this.metrics = metrics;
    }

    /**
     * Runs a step.
     *
     * @param step whose samples are wanted
     * @param call what gives them
     * @return what is kept of them
     * @throws OpusException if the decoder refuses the packet, or breaks on it twice: then the stream's decoder is as it
     *     was before, but for what a refusal changes in it; or if going on makes no sense
     */
    byte[] run(DecodeStep step, LoggedStep call) throws Exception {
        for (int attempt = 1; ; attempt++) {
            LiveDecoder live = recovery.decoder(step.streamId(), step.link());
            try {
                return runIn(live, step, call);
            } catch (OpusException failure) {
                settle(failure, live, step, call);
                if (failure.error().remedy() != Remedy.REBUILD_DECODER || attempt == ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }

    private byte[] runIn(LiveDecoder live, DecodeStep step, LoggedStep call) throws Exception {
        byte[] pcm = samples(live, step, call);
        if (call.kind() == Kind.PACKET && live.canCompareRange(step)) {
            boolean differs = rangeDiffers(live, step);
            if (differs && !live.rangesDiffer()) {
                return runInDoubt(live, pcm, step, call);
            }
            recordRange(live, differs);
        }
        recovery.record(step.streamId(), live, call);
        return pcm;
    }

    /**
     * The final range is not the encoder's: either the decoder's memory was changed, or the producer sends wrong ranges. A
     * decoder that was brought back tells; without one, the producer is to blame, and is as long as the ranges differ.
     */
    private byte[] runInDoubt(LiveDecoder live, byte[] pcm, DecodeStep step, LoggedStep call) throws Exception {
        Optional<LiveDecoder> rebuilt = recovery.bringBackExactly(step.streamId(), step.link());
        LiveDecoder sure = rebuilt.orElse(live);
        byte[] surePcm = rebuilt.isPresent() ? samples(sure, step, call) : pcm;
        boolean stillDiffers = sure.canCompareRange(step) && rangeDiffers(sure, step);
        if (!stillDiffers) {
            metrics.recordDecoderRebuilt();
        }
        recordRange(sure, stillDiffers);
        recovery.record(step.streamId(), sure, call);
        return surePcm;
    }

    private static boolean rangeDiffers(LiveDecoder live, DecodeStep step) {
        return live.decoder().finalRange() != step.finalRange();
    }

    private void recordRange(LiveDecoder live, boolean differs) {
        live.recordRangesDiffer(differs);
        if (differs) {
            metrics.recordFinalRangeMismatch();
        }
    }

    /** Leaves a decoder that the stream can go on with. */
    private void settle(OpusException failure, LiveDecoder live, DecodeStep step, LoggedStep call) throws Exception {
        switch (failure.error().remedy()) {
            case SKIP_PACKET -> recovery.record(step.streamId(), live, call.asRefused());
            case REBUILD_DECODER -> {
                recovery.bringBack(step.streamId(), step.link());
                metrics.recordDecoderRebuilt();
            }
            case FAIL -> {
                // The task ends.
            }
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
}
