package dev.decant.kafka;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/**
 * What an enumerator sees of Flink, watched: when it has nothing more to ask Kafka its discovery of partitions is over, and
 * then every reader is told that no more splits come, unless the enumerator has told it. Twice could hit a reader that has
 * finished by then, and that fails the job. Of one thread, the coordinator's, as every enumerator.
 */
final class DiscoveryContext implements SplitEnumeratorContext<KafkaPartitionSplit> {
    private final SplitEnumeratorContext<KafkaPartitionSplit> context;
    private final Set<Integer> signalled = new HashSet<>();

    private int openQuestions;
    private boolean discoveryIsOver;

    DiscoveryContext(SplitEnumeratorContext<KafkaPartitionSplit> context) {
        this.context = context;
    }

    /** If discovery is over: tells every reader that was not told. */
    void signalWhomDiscoveryLeftOut() {
        if (discoveryIsOver) {
            Set<Integer> leftOut = new HashSet<>(registeredReaders().keySet());
            leftOut.removeAll(signalled);
            leftOut.forEach(this::signalNoMoreSplits);
        }
    }

    /** The subtask's reader is a new one: what the one before it was told does not count. */
    void forgetSignal(int subtask) {
        signalled.remove(subtask);
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
        signalled.add(subtask);
        context.signalNoMoreSplits(subtask);
    }

    @Override
    public <T> void callAsync(Callable<T> question, BiConsumer<T, Throwable> handler) {
        openQuestions++;
        context.callAsync(question, (answer, failure) -> {
            // Throws if there was a failure, and so fails the job; or goes on to ask, and so is not done.
            handler.accept(answer, failure);
            openQuestions--;
            discoveryIsOver = openQuestions == 0;
            signalWhomDiscoveryLeftOut();
        });
    }

    /** A discovery that is repeated is never over; that of a bounded source is not. */
    @Override
    public <T> void callAsync(Callable<T> question, BiConsumer<T, Throwable> handler, long delay, long period) {
        openQuestions++;
        context.callAsync(question, handler, delay, period);
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
        return context.metricGroup();
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {
        context.sendEventToSourceReader(subtask, event);
    }

    @Override
    public void sendEventToSourceReader(int subtask, int attempt, SourceEvent event) {
        context.sendEventToSourceReader(subtask, attempt, event);
    }

    @Override
    public int currentParallelism() {
        return context.currentParallelism();
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
        return context.registeredReaders();
    }

    @Override
    public Map<Integer, Map<Integer, ReaderInfo>> registeredReadersOfAttempts() {
        return context.registeredReadersOfAttempts();
    }

    @Override
    public void assignSplits(SplitsAssignment<KafkaPartitionSplit> assignment) {
        context.assignSplits(assignment);
    }

    @Override
    public void runInCoordinatorThread(Runnable action) {
        context.runInCoordinatorThread(action);
    }

    @Override
    public void setIsProcessingBacklog(boolean isProcessingBacklog) {
        context.setIsProcessingBacklog(isProcessingBacklog);
    }
}
