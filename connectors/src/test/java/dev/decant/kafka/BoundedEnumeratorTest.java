package dev.decant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.junit.jupiter.api.Test;

/** Who is told that no more splits come, and when; with the connector's own enumerator it is tested on a cluster. */
class BoundedEnumeratorTest {
    private final Coordinator coordinator = new Coordinator();
    private final DiscoveryContext context = new DiscoveryContext(coordinator);
    private final OneDiscovery discovery = new OneDiscovery(context);
    private final BoundedEnumerator enumerator = new BoundedEnumerator(discovery, context);

    @Test
    void readersAreToldWhenDiscoveryFindsNothingNew() {
        enumerator.start();
        register(0);
        register(1);
        assertThat(coordinator.told).as("before discovery is over").isEmpty();

        coordinator.answer();

        assertThat(coordinator.told).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aReaderThatComesLaterIsTold() {
        enumerator.start();
        coordinator.answer();
        register(0);
        register(1);

        assertThat(coordinator.told).containsExactly(0, 1);
    }

    @Test
    void aReaderThatComesAgainIsToldAgain() {
        enumerator.start();
        register(0);
        register(1);
        coordinator.answer();
        coordinator.told.clear();

        register(1);

        assertThat(coordinator.told).containsExactly(1);
    }

    @Test
    void whomTheEnumeratorTellsIsNotToldTwice() {
        discovery.findsPartitions = true;
        enumerator.start();
        register(0);
        coordinator.answer();
        assertThat(coordinator.told)
                .as("while the offsets of what was found are not known")
                .isEmpty();

        coordinator.answer();
        register(1);

        assertThat(coordinator.told).containsExactly(0, 1);
    }

    @Test
    void nobodyIsToldWhenDiscoveryFails() {
        enumerator.start();
        register(0);
        discovery.failure = new IllegalStateException("no broker");

        assertThatThrownBy(coordinator::answer).hasMessage("no broker");
        register(1);

        assertThat(coordinator.told).isEmpty();
    }

    private void register(int subtask) {
        coordinator.readers.put(subtask, new ReaderInfo(subtask, "localhost"));
        enumerator.addReader(subtask);
    }

    /** Asks once, and if it has found partitions once more, as the connector's does, and tells readers only then. */
    private static final class OneDiscovery implements SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> {
        private final SplitEnumeratorContext<KafkaPartitionSplit> context;
        private boolean findsPartitions;
        private RuntimeException failure;
        private boolean isOver;

        OneDiscovery(SplitEnumeratorContext<KafkaPartitionSplit> context) {
            this.context = context;
        }

        @Override
        public void start() {
            context.callAsync(() -> findsPartitions, (found, none) -> {
                if (failure != null) {
                    throw failure;
                }
                if (found) {
                    context.callAsync(() -> null, (offsets, none2) -> {
                        isOver = true;
                        context.registeredReaders().keySet().forEach(context::signalNoMoreSplits);
                    });
                }
            });
        }

        @Override
        public void addReader(int subtask) {
            if (isOver) {
                context.signalNoMoreSplits(subtask);
            }
        }

        @Override
        public void handleSplitRequest(int subtask, String requesterHostname) {}

        @Override
        public void addSplitsBack(List<KafkaPartitionSplit> splits, int subtask) {}

        @Override
        public KafkaSourceEnumState snapshotState(long checkpointId) {
            throw new UnsupportedOperationException("no state");
        }

        @Override
        public void close() {}
    }

    /** Flink's side: readers that were told, and questions that are answered one by one. */
    private static final class Coordinator implements SplitEnumeratorContext<KafkaPartitionSplit> {
        private final Map<Integer, ReaderInfo> readers = new HashMap<>();
        private final List<Integer> told = new ArrayList<>();
        private final Queue<Runnable> questions = new ArrayDeque<>();

        void answer() {
            questions.remove().run();
        }

        @Override
        public <T> void callAsync(Callable<T> question, BiConsumer<T, Throwable> handler) {
            questions.add(() -> {
                T answer;
                try {
                    answer = question.call();
                } catch (Exception e) {
                    handler.accept(null, e);
                    return;
                }
                handler.accept(answer, null);
            });
        }

        @Override
        public <T> void callAsync(Callable<T> question, BiConsumer<T, Throwable> handler, long delay, long period) {
            throw new UnsupportedOperationException("a bounded source discovers once");
        }

        @Override
        public Map<Integer, ReaderInfo> registeredReaders() {
            return readers;
        }

        @Override
        public void signalNoMoreSplits(int subtask) {
            told.add(subtask);
        }

        @Override
        public SplitEnumeratorMetricGroup metricGroup() {
            throw new UnsupportedOperationException("no metrics");
        }

        @Override
        public void sendEventToSourceReader(int subtask, SourceEvent event) {
            throw new UnsupportedOperationException("no events");
        }

        @Override
        public int currentParallelism() {
            return readers.size();
        }

        @Override
        public void assignSplits(SplitsAssignment<KafkaPartitionSplit> assignment) {
            throw new UnsupportedOperationException("no splits");
        }

        @Override
        public void runInCoordinatorThread(Runnable action) {
            action.run();
        }
    }
}
