package dev.decant.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Several that do a turn at the same time, each its share of the packets. */
record SideBySide(List<TurnTaker> takers) implements TurnTaker {

    /** What they took together. */
    @Override
    public RunningPipeline.Cost turn(int packets, boolean checkpoint) throws IOException {
        List<CompletableFuture<RunningPipeline.Cost>> turns = takers.stream()
                .map(taker -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return taker.turn(packets / takers.size(), checkpoint);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .toList();
        long pipeline = 0;
        long decodingThread = 0;
        for (CompletableFuture<RunningPipeline.Cost> turn : turns) {
            pipeline += turn.join().pipeline();
            decodingThread += turn.join().decodingThread();
        }
        return new RunningPipeline.Cost(pipeline, decodingThread);
    }

    @Override
    public long hash() {
        throw new UnsupportedOperationException("each has a hash of its own");
    }

    @Override
    public Map<String, Long> state() {
        throw new UnsupportedOperationException("each has a state of its own");
    }

    @Override
    public void close() throws IOException {
        for (TurnTaker taker : takers) {
            taker.close();
        }
    }
}
