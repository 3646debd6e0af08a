package dev.decant.container;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * Hands out batches of recordings to readers that ask. It lists a few batches ahead, beside the coordinator's thread, and
 * remembers no more than those: its state is the place behind the last batch that it handed out. Flink's own enumerator of
 * files writes all that is left into every checkpoint.
 */
final class RecordingEnumerator implements SplitEnumerator<RecordingBatch, EnumeratorState> {
    /** How many stretches are held at most. */
    static final int MOST_AHEAD = 16;

    private final SplitEnumeratorContext<RecordingBatch> context;
    private final Deque<RecordingBatch> returned;
    private final Deque<Stretch> ahead = new ArrayDeque<>();
    private final Set<Integer> waiting = new LinkedHashSet<>();
    private final RecordingMetrics.Found metrics;

    /** Used where {@code callAsync} calls, and by one call at a time. */
    private final BatchLister lister;

    private WalkPlace place;
    private boolean isListing;
    private boolean isListed;

    RecordingEnumerator(SplitEnumeratorContext<RecordingBatch> context, RecordingInput input, EnumeratorState state) {
        this.context = context;
        this.returned = new ArrayDeque<>(state.returned());
        this.place = state.place();
        this.lister = new BatchLister(input, place);
        this.metrics = new RecordingMetrics.Found(context.metricGroup(), place);
    }

    @Override
    public void start() {
        listAhead();
    }

    @Override
    public void addReader(int subtask) {
        // It asks when it is ready.
    }

    @Override
    public void handleSplitRequest(int subtask, String requesterHostname) {
        waiting.add(subtask);
        serve();
    }

    @Override
    public void addSplitsBack(List<RecordingBatch> splits, int subtask) {
        waiting.remove(subtask);
        returned.addAll(splits);
        serve();
    }

    @Override
    public EnumeratorState snapshotState(long checkpointId) {
        return new EnumeratorState(place, List.copyOf(returned));
    }

    @Override
    public void close() throws IOException {
        lister.close();
    }

    /** How many recordings it holds. */
    int held() {
        return ahead.stream()
                        .filter(stretch -> stretch.batch() != null)
                        .mapToInt(stretch -> stretch.batch().recordings().size())
                        .sum()
                + returned.stream().mapToInt(batch -> batch.recordings().size()).sum();
    }

    private void serve() {
        for (Iterator<Integer> subtasks = waiting.iterator(); subtasks.hasNext(); ) {
            int subtask = subtasks.next();
            // One that has failed asks again when it is back.
            if (context.registeredReaders().containsKey(subtask)) {
                RecordingBatch batch = nextBatch();
                if (batch != null) {
                    context.assignSplit(batch, subtask);
                } else if (isListed) {
                    context.signalNoMoreSplits(subtask);
                } else {
                    break;
                }
            }
            subtasks.remove();
        }
        listAhead();
    }

    private RecordingBatch nextBatch() {
        RecordingBatch batch = returned.poll();
        while (batch == null && !ahead.isEmpty()) {
            Stretch stretch = ahead.remove();
            place = stretch.end();
            batch = stretch.batch();
        }
        return batch;
    }

    private void listAhead() {
        if (!isListing && !isListed && ahead.size() <= MOST_AHEAD / 2) {
            isListing = true;
            int wanted = MOST_AHEAD - ahead.size();
            context.callAsync(() -> lister.next(wanted), this::addListed);
        }
    }

    private void addListed(List<Stretch> stretches, Throwable failure) {
        if (failure != null) {
            throw new FlinkRuntimeException("the recordings cannot be listed: " + failure.getMessage(), failure);
        }
        isListing = false;
        for (Stretch stretch : stretches) {
            ahead.add(stretch);
            metrics.record(stretch);
            isListed |= stretch.isLast();
        }
        serve();
    }
}
