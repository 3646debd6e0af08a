package dev.decant.decode;

import dev.decant.audio.PcmFormat;
import dev.decant.opus.DecoderSettings;
import dev.decant.opus.DecoderWorkspace;
import dev.decant.opus.OpusDecoder;
import dev.decant.opus.OpusEngine;
import dev.decant.opus.OpusError.Remedy;
import dev.decant.opus.OpusException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.util.ExceptionUtils;

/**
 * The decoders that are in memory, one a stream: the least recently used is let go when there would be too many. The
 * owner of all of them; like them it belongs to one thread, but for the counts, which a metric reporter may read.
 */
final class LiveDecoders implements AutoCloseable {
    private final OpusEngine engine;
    private final DecodeSettings settings;
    private final PcmFormat mono;
    private final PcmFormat stereo;
    private final DecoderWorkspace workspace;
    private final Map<String, Live> byStream = new LinkedHashMap<>(16, 0.75f, true);

    private volatile int count;
    private volatile long nativeBytes;
    private volatile long evicted;

    /**
     * @throws dev.decant.opus.OpusException if memory is short, or the engine cannot decode as the settings say
     */
    LiveDecoders(OpusEngine engine, DecodeSettings settings) {
        this.engine = engine;
        this.settings = settings;
        this.mono = new PcmFormat(settings.sampleFormat(), settings.rate(), 1);
        this.stereo = new PcmFormat(settings.sampleFormat(), settings.rate(), 2);
        this.workspace = engine.newWorkspace(stereo.channels());
        try {
            newDecoder(stereo, 0).close();
        } catch (RuntimeException e) {
            workspace.close();
            throw e;
        }
    }

    /** The decoder of a stream; where there is none, a new one. It stays ours: nobody else closes it. */
    OpusDecoder of(String streamId, LinkSettings link) {
        Live live = byStream.get(streamId);
        return live != null ? live.decoder : add(streamId, link);
    }

    /** The stream's decoder in its first state, as the link wants it. */
    void restart(String streamId, LinkSettings link) {
        Live live = byStream.get(streamId);
        if (live == null || live.channels != link.channels() || live.gain != link.gain() || !hasReset(live.decoder)) {
            release(streamId);
            add(streamId, link);
        }
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

    /** Lets a stream's decoder go, if there is one. */
    void release(String streamId) {
        Live live = byStream.remove(streamId);
        if (live != null) {
            close(live);
        }
    }

    /** The shape of what the decoder of a link gives. */
    PcmFormat format(LinkSettings link) {
        return link.channels() == 1 ? mono : stereo;
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
        for (Live live : byStream.values()) {
            failure = closed(live.decoder::close, failure);
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

    private OpusDecoder add(String streamId, LinkSettings link) {
        if (byStream.size() >= settings.limits().decoders()) {
            evictLeastRecentlyUsed();
        }
        OpusDecoder decoder = newDecoder(format(link), link.gain());
        byStream.put(streamId, new Live(decoder, link.channels(), link.gain()));
        count = byStream.size();
        nativeBytes = nativeBytes + engine.nativeBytes(link.channels());
        return decoder;
    }

    private OpusDecoder newDecoder(PcmFormat format, int gain) {
        return engine.newDecoder(
                new DecoderSettings(
                        format, gain, settings.complexity(), settings.phaseInversion(), settings.verification()),
                workspace);
    }

    private void evictLeastRecentlyUsed() {
        Iterator<Live> inOrderOfUse = byStream.values().iterator();
        Live leastRecentlyUsed = inOrderOfUse.next();
        inOrderOfUse.remove();
        close(leastRecentlyUsed);
        evicted = evicted + 1;
    }

    private void close(Live live) {
        live.decoder.close();
        count = byStream.size();
        nativeBytes = nativeBytes - engine.nativeBytes(live.channels);
    }

    private record Live(OpusDecoder decoder, int channels, int gain) {}
}
