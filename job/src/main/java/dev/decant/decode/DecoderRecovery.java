package dev.decant.decode;

import dev.decant.decode.DecodeMetrics.Exactness;
import dev.decant.decode.LoggedStep.Repetition;
import dev.decant.opus.DecoderImage;
import dev.decant.opus.OpusError.Remedy;
import dev.decant.opus.OpusException;
import java.util.Optional;
import java.util.regex.Pattern;
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

    /** A stream's ID is its producer's: it must not begin a line of its own. */
    private static final Pattern CONTROL_CHARACTERS = Pattern.compile("\\p{Cntrl}");

    private final LiveDecoders decoders;
    private final DecoderState state;
    private final ImageInterval interval;
    private final DecodeMetrics.OfRecovery metrics;
    private final LimitedLog warnings = new LimitedLog(LOG::warn, System::nanoTime);

    DecoderRecovery(
            LiveDecoders decoders, DecoderState state, ImageInterval interval, DecodeMetrics.OfRecovery metrics) {
        this.decoders = decoders;
        this.state = state;
        this.interval = interval;
        this.metrics = metrics;
    }

    /** The stream's decoder in its first state; nothing that was before is known any more. */
    void begin(String streamId, LinkSettings link) {
        decoders.start(streamId, link).log().begin(decoders.library());
    }

    /** The stream's decoder, brought back if it is not in memory. */
    LiveDecoder decoder(String streamId, LinkSettings link) {
        LiveDecoder live = decoders.get(streamId);
        interval.recordStep(live == null);
        return live != null ? live : bringBack(streamId, link);
    }

    /** The stream's decoder has done {@code step}: from now on it comes back as it is now. */
    void record(String streamId, LiveDecoder live, LoggedStep step) {
        live.recordStep(step);
        if (!state.isKept()) {
            return;
        }
        live.log().append(step);
        if (live.isImageDue(interval.steps())) {
            save(streamId, live);
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
     * @return empty where it could not be had exactly; then the one in memory stays
     */
    Optional<LiveDecoder> rebuild(String streamId, LinkSettings link, LiveDecoder live) {
        return bringBackExactly(streamId, link, live.log());
    }

    private LiveDecoder bringBack(String streamId, LinkSettings link) {
        DecoderLog log = state.read(streamId);
        return bringBackExactly(streamId, link, log).orElseGet(() -> converge(streamId, link, log));
    }

    private Optional<LiveDecoder> bringBackExactly(String streamId, LinkSettings link, DecoderLog log) {
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
                return Optional.of(converge(streamId, link, log));
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
        warnings.writeOmitted();
    }

    /** A new decoder runs all steps that are known, whatever it was that they followed. */
    private LiveDecoder converge(String streamId, LinkSettings link, DecoderLog log) {
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
        warnings.warn(() -> "The decoder of stream \""
                + CONTROL_CHARACTERS.matcher(streamId).replaceAll("?")
                + "\" came back converged, not exact: " + whyNotExact(log.saved()) + "; it ran " + steps.count()
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

    private void save(String streamId, LiveDecoder live) {
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
            live.log().save(image.get());
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

    private void cutLog(LiveDecoder live) {
        live.log().cut();
        live.recordSaved();
        metrics.recordLogCut();
    }
}
