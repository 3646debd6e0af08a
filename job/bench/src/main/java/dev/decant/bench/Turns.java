package dev.decant.bench;

import dev.decant.audio.PcmFrame;
import dev.decant.audio.PcmFrame.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the pipeline and the command that drives it meet: the source makes no packet that the command did not ask for,
 * and the sink says when all of them are through. There is one pipeline in a process.
 */
final class Turns {
    static final Turns OF_THIS_PROCESS = new Turns();

    private ComparedStreams compared = new ComparedStreams(0);

    private int permits;
    private CompletableFuture<Void> waitingForPermit;

    /** By one thread a slot. */
    private final AtomicLong framesSeen = new AtomicLong();

    private volatile long framesAwaited;
    private volatile CompletableFuture<Void> turn;
    private volatile Thread sourceThread;
    private volatile Thread decodingThread;

    private Turns() {}

    /** Before the first turn. */
    void compare(int streams) {
        compared = new ComparedStreams(streams);
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

    /** Called by the sink, in the thread that decodes; a stream's frames are all seen by the same one. */
    void see(PcmFrame frame) {
        if (frame.outcome() == Outcome.RESET) {
            return;
        }
        compared.see(frame.streamId(), frame.pcm());
        if (framesSeen.incrementAndGet() == framesAwaited) {
            decodingThread = Thread.currentThread();
            turn.complete(null);
        }
    }

    /** A hash of all samples so far of the streams that are compared. Between turns only. */
    long hash() {
        return compared.hash();
    }

    /** Known after the first turn. */
    Thread sourceThread() {
        return sourceThread;
    }

    /** Known after the first turn; with several, one of them. */
    Thread decodingThread() {
        return decodingThread;
    }
}
