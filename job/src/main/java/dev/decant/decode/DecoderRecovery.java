package dev.decant.decode;

import dev.decant.decode.DecodeMetrics.Exactness;
import dev.decant.decode.LoggedStep.Repetition;
import dev.decant.monitoring.LimitedLog;
import dev.decant.opus.DecoderImage;
import dev.decant.opus.OpusError.Remedy;
import dev.decant.opus.OpusException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decoder of a stream, whether it is in memory or not. What brings it back is its {@link DecoderLog}: an image of it,
 * and the steps since. One path leads back, after a failover, a rescaling, a savepoint, an eviction and damage to
 * its memory alike.
 */
final class DecoderRecovery implements AutoCloseable {
    /** So many steps since the last image are kept where no newer one can be made; then exactness is given up. */
    static final int LONGEST_LOG = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(DecoderRecovery.class);

    private final LiveDecoders decoders;
    private final DecoderState state;
    private final ImageInterval interval;
    private final DecodeMetrics.OfRecovery metrics;
    private final LimitedLog converged = new LimitedLog("decoders that came back converged", LOG::warn);
    private final LimitedLog refusedImages = new LimitedLog("images that could not be made", LOG::info);
    private final LimitedLog cutLogs = new LimitedLog("logs that were cut", LOG::warn);

    DecoderRecovery(
            LiveDecoders decoders, DecoderState state, ImageInterval interval, DecodeMetrics.OfRecovery metrics) {
        this.decoders = decoders;
        this.state = state;
        this.interval = interval;
        this.metrics = metrics;
    }

    /** The stream's decoder in its first state; nothing that was before is known any more. */
    void begin(DecodeStep step) {
        decoders.start(step.streamId(), step.link()).log().begin(decoders.library());
    }

    /** The stream's decoder, brought back if it is not in memory. */
    LiveDecoder decoder(DecodeStep next) {
        LiveDecoder live = decoders.get(next.streamId());
        interval.recordStep(live == null);
        return live != null ? live : bringBack(next);
    }

    /** The stream's decoder has done {@code call} for {@code step}: from now on it comes back as it is now. */
    void record(DecodeStep step, LiveDecoder live, LoggedStep call) {
        live.recordStep(call);
        if (!state.isKept()) {
            return;
        }
        live.log().append(call);
        if (live.isImageDue(interval.steps())) {
            save(step, live);
        }
    }

    /** Forgets the stream, and lets its decoder go. */
    void end(String streamId) {
        decoders.forget(streamId);
        state.clear(streamId);
    }

    /** Writes what state does not have yet of all decoders in memory: a checkpoint is about to be taken. */
    void writeLogs() {
        decoders.writeLogs();
    }

    /**
     * The stream's decoder anew, as it was after the last step recorded, in place of the one in memory.
     *
     * @return empty where nothing is known to begin from; then the one in memory stays
     */
    Optional<LiveDecoder> rebuild(DecodeStep next, LiveDecoder live) {
        // Where nothing is kept, the log holds none of the steps since the first state.
        return state.isKept() ? bringBackFromBase(next, live.log()) : Optional.empty();
    }

    private LiveDecoder bringBack(DecodeStep next) {
        DecoderLog log = state.read(next.streamId());
        return bringBackFromBase(next, log).orElseGet(() -> converge(next, log));
    }

    /** Exact, unless a step of the log does not give what it gave; empty if there is nothing that the log begins with. */
    private Optional<LiveDecoder> bringBackFromBase(DecodeStep next, DecoderLog log) {
        String streamId = next.streamId();
        LinkSettings link = next.link();
        SavedDecoder saved = log.saved();
        Optional<LiveDecoder> base =
                switch (saved.base()) {
                    case IMAGE -> decoders.restore(streamId, link, log);
                    case FIRST_STATE ->
                        saved.library().equals(decoders.library())
                                ? Optional.of(decoders.add(streamId, link, log))
                                : Optional.empty();
                    case UNKNOWN -> Optional.empty();
                };
        if (base.isEmpty()) {
            return base;
        }
        LiveDecoder live = base.get();
        LoggedSteps steps = log.steps().after(saved.preRoll());
        for (LoggedStep step : steps) {
            if (step.repeat(live.decoder()) != Repetition.SAME) {
                return Optional.of(converge(next, log));
            }
            live.recordStep(step);
        }
        if (!log.givesRange()) {
            live.recordGap();
        }
        recordRestored(Exactness.EXACT, steps.count());
        return base;
    }

    @Override
    public void close() {
        converged.close();
        refusedImages.close();
        cutLogs.close();
    }

    /** A new decoder runs all steps that are known, whatever it was that they followed. */
    private LiveDecoder converge(DecodeStep next, DecoderLog log) {
        String streamId = next.streamId();
        LinkSettings link = next.link();
        LoggedSteps steps = log.steps();
        LiveDecoder live = decoders.add(streamId, link, log);
        for (LoggedStep step : steps) {
            if (step.repeat(live.decoder()) == Repetition.CORRUPTED) {
                live = decoders.add(streamId, link, log);
            }
            live.recordStep(step);
        }
        live.recordConverged();
        recordRestored(Exactness.CONVERGED, steps.count());
        converged.write(() -> "The decoder came back converged, not exact, for " + next.place() + ": "
                + whyNotExact(log.saved()) + "; it ran " + steps.count() + " steps again");
        return live;
    }

    private void recordRestored(Exactness exactness, int replayed) {
        metrics.recordRestored(exactness);
        metrics.recordReplayed(replayed);
    }

    private static String whyNotExact(SavedDecoder saved) {
        return switch (saved.base()) {
            case IMAGE ->
                "its image is damaged, or another library, another PCM format or a CPU that could do more made it";
            case FIRST_STATE -> "another library began it";
            case UNKNOWN -> "no image of it is in state";
        };
    }

    private void save(DecodeStep step, LiveDecoder live) {
        if (!decoders.makesImages()) {
            // Of no stream: LoadedLibrary has said it of all.
            cutLog(live);
            return;
        }
        long before = System.nanoTime();
        Optional<DecoderImage> image;
        try {
            image = live.decoder().image();
        } catch (OpusException corrupted) {
            if (corrupted.error().remedy() == Remedy.FAIL) {
                throw corrupted;
            }
            // Its samples were taken already; it comes back with the stream's next step.
            decoders.release(step.streamId());
            return;
        }
        if (image.isPresent()) {
            live.log().save(image.get());
            live.recordSaved();
            interval.recordImageNanos(System.nanoTime() - before);
            metrics.recordImage(image.get().toBytes().length);
        } else {
            metrics.recordImageRefused();
            live.recordImageRefused();
            refusedImages.write(() -> "No image can be made of the decoder after " + step.place()
                    + ": a word of it may be an address that is not known as one; its log goes on");
            if (live.stepsSinceImage() >= LONGEST_LOG) {
                cutLogs.write(() -> "The log of the decoder is cut after " + step.place() + ", since no image could be"
                        + " made for " + LONGEST_LOG + " steps: it would come back converged, not exact");
                cutLog(live);
            }
        }
    }

    private void cutLog(LiveDecoder live) {
        live.log().cut();
        live.recordSaved();
        metrics.recordLogCut();
    }
}
