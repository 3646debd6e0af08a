package dev.decant.decode;

import dev.decant.audio.PcmFormat;
import dev.decant.opus.DecoderImage;
import dev.decant.opus.DecoderSettings;
import dev.decant.opus.DecoderWorkspace;
import dev.decant.opus.OpusDecoder;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.OpusError.Remedy;
import dev.decant.opus.OpusException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.util.ExceptionUtils;

/**
 * The decoders that are in memory, one a stream: the least recently used are let go when they would be too many, or take
 * too much. The owner of all of them; like them it belongs to one thread, but for the counts, which a metric reporter
 * may read.
 */
final class LiveDecoders implements AutoCloseable {
    private final DecodeSettings settings;
    private final DecoderState state;
    private final PcmFormat mono;
    private final PcmFormat stereo;
    private final Map<String, LiveDecoder> byStream = new LinkedHashMap<>(16, 0.75f, true);
    private OpusEngine engine;
    private DecoderWorkspace workspace;

    private volatile int count;
    private volatile long nativeBytes;
    private volatile long evicted;

    /**
     * @param engine stays the caller's, who closes it
     * @param state gets the log of each decoder that is let go
     * @throws OpusException if memory is short, or the engine cannot decode as the settings say
     */
    LiveDecoders(OpusEngine engine, DecodeSettings settings, DecoderState state) {
        this.engine = engine;
        this.state = state;
        this.settings = settings;
        this.mono = new PcmFormat(settings.sampleFormat(), settings.rate(), 1);
        this.stereo = new PcmFormat(settings.sampleFormat(), settings.rate(), 2);
        this.workspace = engine.newWorkspace(stereo.channels());
        try {
            newDecoder(new LinkSettings(stereo.channels(), 0, 0)).close();
        } catch (RuntimeException e) {
            workspace.close();
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
        return put(streamId, live(link, newDecoder(link), log));
    }

    /**
     * A decoder that goes on from the image that its log begins with; the one that the stream has is let go, unless the
     * image is of no use.
     */
    Optional<LiveDecoder> restore(String streamId, LinkSettings link, DecoderLog log) {
        return engine.restoreDecoder(decoderSettings(link), log.saved().image(), workspace)
                .map(decoder -> put(streamId, live(link, decoder, log)));
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

    /** Lets all decoders go, those too that died with their engine: they come back from state. */
    void discardAll() {
        byStream.keySet().stream().toList().forEach(this::release);
    }

    /**
     * Goes on with another engine, in which every decoder is what it was in this one; those that no image can be made of
     * are let go. The old engine is done with, and the caller's to close.
     *
     * @throws OpusException if memory is short: what was moved is open, what was not can only be closed
     */
    void moveTo(OpusEngine other) {
        DecoderWorkspace before = workspace;
        try {
            workspace = other.newWorkspace(stereo.channels());
            engine = other;
            moveAll();
        } finally {
            before.close();
        }
        evictDownTo(settings.limits().decoders(), settings.limits().bytes());
    }

    /** The shape of what the decoder of a link gives. */
    PcmFormat format(LinkSettings link) {
        return link.channels() == 1 ? mono : stereo;
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

    long evicted() {
        return evicted;
    }

    /** Frees every decoder, then the workspace; goes on past one that fails, and throws that failure at the end. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (LiveDecoder live : byStream.values()) {
            failure = closed(live.decoder()::close, failure);
        }
        failure = closed(workspace::close, failure);
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
        evictDownTo(settings.limits().decoders() - 1, settings.limits().bytes() - live.nativeBytes());
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
            evicted = evicted + 1;
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

    private LiveDecoder live(LinkSettings link, OpusDecoder decoder, DecoderLog log) {
        return new LiveDecoder(link, decoder, log, engine.nativeBytes(link.channels()));
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
        return imageOf(live)
                .flatMap(image -> engine.restoreDecoder(decoderSettings(live.link()), image, workspace))
                .map(decoder ->
                        live.movedTo(decoder, engine.nativeBytes(live.link().channels())));
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
        return engine.newDecoder(decoderSettings(link), workspace);
    }

    private DecoderSettings decoderSettings(LinkSettings link) {
        return new DecoderSettings(
                format(link), link.gain(), settings.complexity(), settings.phaseInversion(), settings.verification());
    }
}
