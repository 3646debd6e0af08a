package dev.decant.bench;

import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.zip.CRC32C;

/**
 * Where the pipeline and the command that drives it meet: the source makes no packet that the command did not ask for,
 * and the sink says when all of them are through. There is one pipeline in a process.
 */
final class Turns {
    static final Turns OF_THIS_PROCESS = new Turns();

    /** So many streams are compared, spread over all. */
    private static final int COMPARED_STREAMS = 100;

    private final Map<String, CRC32C> pcmOfCompared = new TreeMap<>();

    private int permits;
    private CompletableFuture<Void> waitingForPermit;

    private long framesSeen;
    private volatile long framesAwaited;
    private volatile CompletableFuture<Void> turn;
    private volatile Thread sourceThread;
    private volatile Thread decodingThread;

    private Turns() {}

    /** Before the first turn. */
    void compare(int streams) {
        for (int stream = 0; stream < streams; stream += Math.max(1, streams / COMPARED_STREAMS)) {
            pcmOfCompared.put(PacketSource.streamId(stream), new CRC32C());
        }
    }

    /** Lets so many packets go; what it returns is done when each has become a frame. */
    CompletableFuture<Void> begin(int packets) {
        CompletableFuture<Void> through = new CompletableFuture<>();
        turn = through;
        framesAwaited += packets;
        CompletableFuture<Void> waiting;
        synchronized (this) {
            permits = packets;
            waiting = waitingForPermit;
            waitingForPermit = null;
            if (waiting != null) {
                permits--;
            }
        }
        if (waiting != null) {
            waiting.complete(null);
        }
        return through;
    }

    /** Asked by the source before each packet. */
    synchronized CompletionStage<Void> acquire() {
        sourceThread = Thread.currentThread();
        if (permits > 0) {
            permits--;
            return CompletableFuture.completedFuture(null);
        }
        waitingForPermit = new CompletableFuture<>();
        return waitingForPermit;
    }

    /** Called by the sink, in the thread that decodes. */
    void see(PcmFrame frame) {
        if (frame.outcome() == Outcome.RESET) {
            return;
        }
        CRC32C pcm = pcmOfCompared.get(frame.streamId());
        if (pcm != null) {
            pcm.update(frame.pcm());
        }
        if (++framesSeen == framesAwaited) {
            decodingThread = Thread.currentThread();
            turn.complete(null);
        }
    }

    /** A hash of all samples so far of the streams that are compared. Between turns only. */
    long hash() {
        CRC32C all = new CRC32C();
        pcmOfCompared.forEach((streamId, pcm) -> all.update((streamId + pcm.getValue()).getBytes()));
        return all.getValue();
    }

    /** Known after the first turn. */
    Thread sourceThread() {
        return sourceThread;
    }

    /** Known after the first turn. */
    Thread decodingThread() {
        return decodingThread;
    }
}
