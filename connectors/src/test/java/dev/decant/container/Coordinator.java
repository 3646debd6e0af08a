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
    final List<Integer> told = new ArrayList<>();
    final KeptMetrics metrics = new KeptMetrics();
    private final Queue<Runnable> calls = new ArrayDeque<>();

    Coordinator(int parallelism) {
        for (int subtask = 0; subtask < parallelism; subtask++) {
            readers.put(subtask, new ReaderInfo(subtask, "localhost"));
        }
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
        return readers.size();
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
