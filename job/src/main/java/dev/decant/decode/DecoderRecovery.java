package dev.decant.decode;

import dev.decant.decode.DecodeMetrics.Exactness;
import dev.decant.decode.LoggedStep.Repetition;
import dev.decant.opus.DecoderImage;
import dev.decant.opus.OpusError.Remedy;
import dev.decant.opus.OpusException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decoder of the current key's stream, whether it is in memory or not. What brings it back is kept in state: an image
 * of it, and the steps since. One path leads back, after a failover, a rescaling, a savepoint, an eviction and damage to
 * its memory alike.
 */
final class DecoderRecovery implements AutoCloseable {
    /** So many steps since the last image are kept where no newer one can be made; then exactness is given up. */
    static final int LONGEST_LOG = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(DecoderRecovery.class);

    /** A stream's ID is its producer's: it must not begin a line of its own. */
    private static final Pattern CONTROL_CHARACTERS = Pattern.compile("\\p{Cntrl}");

    private final LiveDecoders decoders;
    private final DecoderState state;
    private final ImageInterval interval;
    private final DecodeMetrics.OfRecovery metrics;
    private final LimitedLog log = new LimitedLog(LOG::warn, System::nanoTime);

    DecoderRecovery(
            LiveDecoders decoders, DecoderState state, ImageInterval interval, DecodeMetrics.OfRecovery metrics) {
        this.decoders = decoders;
        this.state = state;
        this.interval = interval;
        this.metrics = metrics;
    }

    /** The stream's decoder in its first state; nothing that was before is known any more. */
    void begin(String streamId, LinkSettings link) throws Exception {
        decoders.start(streamId, link);
        state.begin(decoders.library());
    }

    /** The stream's decoder, brought back if it is not in memory. */
    LiveDecoder decoder(String streamId, LinkSettings link) throws Exception {
        LiveDecoder live = decoders.get(streamId);
        interval.recordStep(live == null);
        return live != null ? live : bringBack(streamId, link);
    }

    /** The stream's decoder has done {@code step}: from now on it comes back as it is now. */
    void record(String streamId, LiveDecoder live, LoggedStep step) throws Exception {
        live.recordStep(step);
        if (!state.isKept()) {
            return;
        }
        state.append(step);
        if (live.isImageDue(interval.steps())) {
            save(streamId, live);
        }
    }

    /** Forgets the stream, and lets its decoder go. */
    void end(String streamId) throws Exception {
        decoders.release(streamId);
        state.clear();
    }

    /** The stream's decoder out of state, as it was after the last step recorded; the one in memory is let go. */
    LiveDecoder bringBack(String streamId, LinkSettings link) throws Exception {
        Optional<LiveDecoder> exact = bringBackExactly(streamId, link);
        return exact.isPresent() ? exact.get() : converge(streamId, link);
    }

    /**
     * The same, where the decoder will be as it was beyond doubt.
     *
     * @return empty where it would not; then the one in memory stays
     */
    Optional<LiveDecoder> bringBackExactly(String streamId, LinkSettings link) throws Exception {
        SavedDecoder saved = state.saved();
        Optional<LiveDecoder> base =
                switch (saved.base()) {
                    case IMAGE -> decoders.restore(streamId, link, saved.image());
                    case FIRST_STATE ->
                        saved.library().equals(decoders.library())
                                ? Optional.of(decoders.add(streamId, link))
                                : Optional.empty();
                    case UNKNOWN -> Optional.empty();
                };
        if (base.isEmpty()) {
            return base;
        }
        LiveDecoder live = base.get();
        List<LoggedStep> steps = state.log();
        for (LoggedStep step : steps.subList(saved.preRoll(), steps.size())) {
            if (step.repeat(live.decoder()) != Repetition.SAME) {
                return Optional.of(converge(streamId, link));
            }
            live.recordStep(step);
        }
        if (!steps.isEmpty() && !steps.get(steps.size() - 1).givesRange()) {
            live.recordGap();
        }
        recordRestored(Exactness.EXACT, steps.size() - saved.preRoll());
        return base;
    }

    @Override
    public void close() {
        log.writeOmitted();
    }

    /** A new decoder runs all steps that are known, whatever it was that they followed. */
    private LiveDecoder converge(String streamId, LinkSettings link) throws Exception {
        List<LoggedStep> steps = state.log();
        LiveDecoder live = decoders.add(streamId, link);
        for (LoggedStep step : steps) {
            if (step.repeat(live.decoder()) == Repetition.CORRUPTED) {
                live = decoders.add(streamId, link);
            }
            live.recordStep(step);
        }
        live.recordConverged();
        recordRestored(Exactness.CONVERGED, steps.size());
        SavedDecoder saved = state.saved();
        log.warn(() -> "The decoder of stream \""
                + CONTROL_CHARACTERS.matcher(streamId).replaceAll("?")
                + "\" came back converged, not exact: " + whyNotExact(saved) + "; it ran " + steps.size()
                + " steps again");
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

    private void save(String streamId, LiveDecoder live) throws Exception {
        if (!decoders.makesImages()) {
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
            decoders.release(streamId);
            return;
        }
        if (image.isPresent()) {
            state.save(image.get());
            live.recordSaved();
            interval.recordImageNanos(System.nanoTime() - before);
            metrics.recordImage(image.get().toBytes().length);
        } else {
            metrics.recordImageRefused();
            live.recordImageRefused();
            if (live.stepsSinceImage() >= LONGEST_LOG) {
                cutLog(live);
            }
        }
    }

    private void cutLog(LiveDecoder live) throws Exception {
        state.cut();
        live.recordSaved();
        metrics.recordLogCut();
    }
}
