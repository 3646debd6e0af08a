package dev.decant.container;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.runtime.metrics.groups.InternalSplitEnumeratorMetricGroup;

/** Flink's side of an enumerator: its calls are answered one by one, what it hands out is kept. */
final class Coordinator implements SplitEnumeratorContext<RecordingBatch> {
    final Map<Integer, ReaderInfo> readers = new LinkedHashMap<>();
    final List<RecordingBatch> handedOut = new ArrayList<>();

    /** The last batch that each subtask was given. */
    final Map<Integer, RecordingBatch> given = new LinkedHashMap<>();

    final List<Integer> told = new ArrayList<>();
    final KeptMetrics metrics = new KeptMetrics();
    private final Queue<Runnable> calls = new ArrayDeque<>();
    private final int parallelism;

    /** All readers are there, and have nothing to report. */
    Coordinator(int parallelism) {
        this(parallelism, true);
    }

    private Coordinator(int parallelism, boolean isReady) {
        this.parallelism = parallelism;
        for (int subtask = 0; isReady && subtask < parallelism; subtask++) {
            readers.put(subtask, new ReaderInfo(subtask, "localhost"));
        }
    }

    /** No reader is there yet. */
    static Coordinator withoutReaders(int parallelism) {
        return new Coordinator(parallelism, false);
    }

    /** A reader comes back from a checkpoint, tells what it had there, and asks for something to read. */
    void comeBack(RecordingEnumerator enumerator, int subtask, RecordingBatch... reported) {
        readers.put(subtask, ReaderInfo.createReaderInfo(subtask, "localhost", List.of(reported)));
        enumerator.addReader(subtask);
        enumerator.handleSplitRequest(subtask, "localhost");
    }

    /** A reader fails and loses what it was given after the last checkpoint. */
    void fail(RecordingEnumerator enumerator, int subtask, RecordingBatch... lost) {
        readers.remove(subtask);
        given.remove(subtask);
        enumerator.addSplitsBack(List.of(lost), subtask);
    }

    /** Answers all calls, those included that the answers lead to. */
    void answer() {
        for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
            call.run();
        }
    }

    @Override
    public <T> void callAsync(Callable<T> call, BiConsumer<T, Throwable> handler) {
        calls.add(() -> {
            T answer;
            try {
                answer = call.call();
            } catch (Exception e) {
                handler.accept(null, e);
                return;
            }
            handler.accept(answer, null);
        });
    }

    @Override
    public <T> void callAsync(Callable<T> call, BiConsumer<T, Throwable> handler, long delay, long period) {
        throw new UnsupportedOperationException("nothing is found twice");
    }

    @Override
    public void assignSplits(SplitsAssignment<RecordingBatch> assignment) {
        assignment.assignment().forEach((subtask, batches) -> {
            if (!readers.containsKey(subtask)) {
                throw new IllegalArgumentException("subtask " + subtask + " is not registered");
            }
            handedOut.addAll(batches);
            batches.forEach(batch -> given.put(subtask, batch));
        });
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
        told.add(subtask);
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
        return readers;
    }

    @Override
    public int currentParallelism() {
        return parallelism;
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
        return new InternalSplitEnumeratorMetricGroup(metrics);
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {
        throw new UnsupportedOperationException("no events");
    }

    @Override
    public void runInCoordinatorThread(Runnable action) {
        action.run();
    }
}
