package dev.decant.decode;

import dev.decant.audio.PcmFormat;
import dev.decant.opus.DecoderImage;
import dev.decant.opus.DecoderSettings;
import dev.decant.opus.OpusDecoder;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.OpusError.Remedy;
import dev.decant.opus.OpusException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.util.ExceptionUtils;

/**
 * The decoders that are in memory, one a stream: the least recently used are let go when they would be too many, or take
 * too much. The owner of all of them; like them it belongs to one thread, but for the counts, which a metric reporter
 * may read.
 */
final class LiveDecoders implements AutoCloseable {
    private final DecodeSettings settings;
    private final long nativeBudget;
    private final DecoderState state;
    private final PcmFormats formats;
    private final Map<String, LiveDecoder> byStream = new LinkedHashMap<>(16, 0.75f, true);
    private OpusEngine engine;
    private Workspaces workspaces;

    private final Counter evicted = new SimpleCounter();
    private volatile int count;
    private volatile long nativeBytes;

    /**
     * @param engine stays the caller's, who closes it
     * @param nativeBudget how many bytes outside the heap they may take; one alone may take more
     * @param state gets the log of each decoder that is let go
     * @throws OpusException if memory is short, or the engine cannot decode as the settings say
     */
    LiveDecoders(OpusEngine engine, DecodeSettings settings, long nativeBudget, DecoderState state) {
        this.engine = engine;
        this.nativeBudget = nativeBudget;
        this.state = state;
        this.settings = settings;
        this.formats = new PcmFormats(settings.sampleFormat(), settings.rate());
        this.workspaces = new Workspaces(engine, settings.maxStreams());
        try {
            newDecoder(new LinkSettings(2, 0, 0)).close();
        } catch (RuntimeException e) {
            workspaces.close();
            throw e;
        }
    }

    /** The decoder of a stream, which is now the most recently used, or null. It stays ours: nobody else closes it. */
    LiveDecoder get(String streamId) {
        return byStream.get(streamId);
    }

    /** The stream's decoder in its first state, as the link wants it. */
    LiveDecoder start(String streamId, LinkSettings link) {
        LiveDecoder live = byStream.get(streamId);
        if (live == null || !live.fits(link) || !hasReset(live.decoder())) {
            return add(streamId, link, new DecoderLog());
        }
        live.recordStart();
        return live;
    }

    /**
     * A new decoder for the stream; the one that it has is let go.
     *
     * @param log what will bring it back
     */
    LiveDecoder add(String streamId, LinkSettings link, DecoderLog log) {
        long bytes = engine.nativeBytes(link.layout());
        return put(streamId, new LiveDecoder(link, newDecoder(link), log, bytes));
    }

    /**
     * A decoder that goes on from the image that its log begins with; the one that the stream has is let go, unless the
     * image is of no use.
     */
    Optional<LiveDecoder> restore(String streamId, LinkSettings link, DecoderLog log) {
        long bytes = engine.nativeBytes(link.layout());
        return restored(link, log.saved().image())
                .map(decoder -> put(streamId, new LiveDecoder(link, decoder, log, bytes)));
    }

    /** Time of the stream passed without its decoder. */
    void recordGap(String streamId) {
        LiveDecoder live = byStream.get(streamId);
        if (live != null) {
            live.recordGap();
        }
    }

    /** Lets a stream's decoder go, if there is one: it comes back from state. */
    void release(String streamId) {
        LiveDecoder live = byStream.remove(streamId);
        if (live != null) {
            letGo(streamId, live);
        }
    }

    /** Lets a stream's decoder go, if there is one, for good. */
    void forget(String streamId) {
        LiveDecoder live = byStream.remove(streamId);
        if (live != null) {
            free(live);
        }
    }

    /** Writes what state does not have yet of the logs of all decoders. */
    void writeLogs() {
        byStream.forEach((streamId, live) -> state.write(streamId, live.log()));
    }

    /**
     * Goes on with another engine, in which every decoder is what it was in this one; those that no image can be made of
     * are let go. The old engine is done with, and the caller's to close.
     *
     * @throws OpusException if memory is short: what was moved is open, what was not can only be closed
     */
    void moveTo(OpusEngine other) {
        Workspaces before = workspaces;
        try {
            workspaces = new Workspaces(other, settings.maxStreams());
            engine = other;
            moveAll();
        } finally {
            before.close();
        }
        evictDownTo(settings.limits().decoders(), nativeBudget);
    }

    /** The shape of what the decoder of a link gives. */
    PcmFormat format(LinkSettings link) {
        return formats.of(link.layout());
    }

    /** Whether decoders can be saved as images. */
    boolean makesImages() {
        return engine.makesImages();
    }

    /** The SHA-256 of the library whose decoders these are. */
    String library() {
        return engine.description().sha256();
    }

    int count() {
        return count;
    }

    long nativeBytes() {
        return nativeBytes;
    }

    /** What {@link #nativeBytes()} may come to; one decoder that is alone may take more. */
    long nativeBudget() {
        return nativeBudget;
    }

    Counter evicted() {
        return evicted;
    }

    /** Frees every decoder, then the workspaces; goes on past one that fails, and throws that failure at the end. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (LiveDecoder live : byStream.values()) {
            failure = closed(live.decoder()::close, failure);
        }
        failure = closed(workspaces::close, failure);
        byStream.clear();
        count = 0;
        nativeBytes = 0;
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException closed(Runnable close, RuntimeException before) {
        try {
            close.run();
            return before;
        } catch (RuntimeException e) {
            return ExceptionUtils.firstOrSuppressed(e, before);
        }
    }

    /** Makes room before it takes any, so that only a decoder that is alone can be larger than the limit. */
    private LiveDecoder put(String streamId, LiveDecoder live) {
        release(streamId);
        evictDownTo(settings.limits().decoders() - 1, nativeBudget - live.nativeBytes());
        byStream.put(streamId, live);
        count = byStream.size();
        nativeBytes = nativeBytes + live.nativeBytes();
        return live;
    }

    private void evictDownTo(int decoders, long bytes) {
        Iterator<Map.Entry<String, LiveDecoder>> inOrderOfUse =
                byStream.entrySet().iterator();
        while ((count > decoders || nativeBytes > bytes) && inOrderOfUse.hasNext()) {
            Map.Entry<String, LiveDecoder> leastRecentlyUsed = inOrderOfUse.next();
            inOrderOfUse.remove();
            letGo(leastRecentlyUsed.getKey(), leastRecentlyUsed.getValue());
            evicted.inc();
        }
    }

    /** For one that is in the map no more, but will be again. */
    private void letGo(String streamId, LiveDecoder live) {
        try {
            state.write(streamId, live.log());
        } finally {
            free(live);
        }
    }

    /** For one that is in the map no more. */
    private void free(LiveDecoder live) {
        count = byStream.size();
        nativeBytes = nativeBytes - live.nativeBytes();
        live.decoder().close();
    }

    /** Whether the decoder could be reset; one whose memory was overwritten cannot, and a new one takes its place. */
    private static boolean hasReset(OpusDecoder decoder) {
        try {
            decoder.reset();
            return true;
        } catch (OpusException corrupted) {
            if (corrupted.error().remedy() == Remedy.FAIL) {
                throw corrupted;
            }
            return false;
        }
    }

    /** An entry is replaced without a look-up, which would make it the most recently used. */
    private void moveAll() {
        for (Iterator<Map.Entry<String, LiveDecoder>> all = byStream.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, LiveDecoder> entry = all.next();
            LiveDecoder left = entry.getValue();
            Optional<LiveDecoder> moved = moved(left);
            if (moved.isPresent()) {
                entry.setValue(moved.get());
                nativeBytes = nativeBytes + moved.get().nativeBytes();
                free(left);
            } else {
                all.remove();
                letGo(entry.getKey(), left);
            }
        }
    }

    /** The decoder in the engine of now. */
    private Optional<LiveDecoder> moved(LiveDecoder live) {
        long bytes = engine.nativeBytes(live.link().layout());
        return imageOf(live)
                .flatMap(image -> restored(live.link(), image))
                .map(decoder -> live.movedTo(decoder, bytes));
    }

    private static Optional<DecoderImage> imageOf(LiveDecoder live) {
        try {
            return live.decoder().image();
        } catch (OpusException corrupted) {
            if (corrupted.error().remedy() == Remedy.FAIL) {
                throw corrupted;
            }
            return Optional.empty();
        }
    }

    private OpusDecoder newDecoder(LinkSettings link) {
        return engine.newDecoder(decoderSettings(link), workspaces.forLayout(link.layout()));
    }

    private Optional<OpusDecoder> restored(LinkSettings link, DecoderImage image) {
        return engine.restoreDecoder(decoderSettings(link), image, workspaces.forLayout(link.layout()));
    }

    private DecoderSettings decoderSettings(LinkSettings link) {
        return new DecoderSettings(
                format(link),
                link.layout(),
                link.gain(),
                settings.complexity(),
                settings.phaseInversion(),
                settings.verification());
    }
}
