package dev.decant.container;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * Hands out batches of recordings to readers that ask. It lists a few batches ahead, beside the coordinator's thread, and
 * remembers no more than those: its state is the place behind the last batch that it handed out. Flink's own enumerator of
 * files writes all that is left into every checkpoint.
 *
 * <p>A recording that was begun before a checkpoint has keyed state at the subtask that owns its stream, which is another
 * one once the job is rescaled. So readers that come back do not go on with the batches of the checkpoint: they report them
 * here (FLIP-537), and each recording that was begun goes to the owner of its stream.
 */
final class RecordingEnumerator implements SplitEnumerator<RecordingBatch, EnumeratorState> {
    /** How many stretches are held at most. */
    static final int MOST_AHEAD = 16;

    private final SplitEnumeratorContext<RecordingBatch> context;
    private final int maxParallelism;
    private final Deque<RecordingBatch> returned;
    private final Deque<Stretch> ahead = new ArrayDeque<>();
    private final Set<Integer> waiting = new LinkedHashSet<>();

    /** The batches that were reported since a checkpoint was complete last, by split ID. */
    private final Set<String> reported = new HashSet<>();
    /** Those of them that a checkpoint holds which is not yet complete. */
    private final TreeMap<Long, Set<String>> reportedBefore = new TreeMap<>();

    private final RecordingMetrics.Found metrics;

    /** Used where {@code callAsync} calls, and by one call at a time. */
    private final BatchLister lister;

    private WalkPlace place;
    private boolean isListing;
    private boolean isListed;

    RecordingEnumerator(
            SplitEnumeratorContext<RecordingBatch> context,
            int maxParallelism,
            RecordingInput input,
            EnumeratorState state) {
        this.context = context;
        this.maxParallelism = maxParallelism;
        this.returned = new ArrayDeque<>(state.returned());
        this.place = state.place();
        this.lister = new BatchLister(input, place);
        this.metrics = new RecordingMetrics.Found(context.metricGroup(), place);
    }

    @Override
    public void start() {
        listAhead();
    }

    /**
     * Takes back what the reader reports out of the checkpoint that it comes from. Some of it may be known: when tasks fail
     * again before the next checkpoint, the same is reported again, while it waits here, or was handed out to a reader that
     * goes on with it, or came back by {@link #addSplitsBack}.
     */
    @Override
    public void addReader(int subtask) {
        List<RecordingBatch> batches = context.registeredReaders().get(subtask).getReportedSplitsOnRegistration();
        for (RecordingBatch batch : batches) {
            batch.apart().stream().filter(part -> reported.add(part.splitId())).forEach(returned::add);
        }
        serve();
    }

    @Override
    public void handleSplitRequest(int subtask, String requesterHostname) {
        waiting.add(subtask);
        serve();
    }

    @Override
    public void addSplitsBack(List<RecordingBatch> splits, int subtask) {
        waiting.remove(subtask);
        splits.forEach(split -> returned.addAll(split.apart()));
        serve();
    }

    /** What was reported is in this checkpoint, as it is now: here, or at its reader. */
    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        reportedBefore.headMap(checkpointId, true).values().forEach(reported::removeAll);
        reportedBefore.headMap(checkpointId, true).clear();
    }

    @Override
    public EnumeratorState snapshotState(long checkpointId) {
        reportedBefore.put(checkpointId, Set.copyOf(reported));
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
                RecordingBatch batch = nextBatch(subtask);
                if (batch == null) {
                    continue;
                }
                context.assignSplit(batch, subtask);
            }
            subtasks.remove();
        }
        if (isListed && ahead.isEmpty() && returned.isEmpty() && waiting.size() == context.currentParallelism()) {
            // All at once: while only some tasks have ended Flink completes no checkpoint of those that follow here,
            // since
            // they have state that each of them needs to the whole.
            waiting.forEach(context::signalNoMoreSplits);
            waiting.clear();
        }
        listAhead();
    }

    private RecordingBatch nextBatch(int subtask) {
        RecordingBatch batch = nextReturned(subtask);
        while (batch == null && !ahead.isEmpty()) {
            Stretch stretch = ahead.remove();
            place = stretch.end();
            batch = stretch.batch();
        }
        return batch;
    }

    private RecordingBatch nextReturned(int subtask) {
        for (Iterator<RecordingBatch> batches = returned.iterator(); batches.hasNext(); ) {
            RecordingBatch batch = batches.next();
            if (!batch.isBegun() || owner(batch) == subtask) {
                batches.remove();
                return batch;
            }
        }
        return null;
    }

    private int owner(RecordingBatch begun) {
        return RecordingStreamIds.owner(begun.streamId(), context.currentParallelism(), maxParallelism);
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
