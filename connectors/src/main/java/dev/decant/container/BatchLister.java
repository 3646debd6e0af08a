package dev.decant.container;

import dev.decant.container.RecordingWalk.Step;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a walk into batches, and leaves out what has been done. A batch has at most {@link #MAX_RECORDINGS} recordings, and
 * at most {@link #MAX_BYTES} of them unless it is a single one.
 */
final class BatchLister implements Closeable {
    static final int MAX_RECORDINGS = 32;
    static final long MAX_BYTES = 16L << 20;

    /** Stands for a size that is not known, so that long recordings do not all fall to one reader. */
    private static final long UNKNOWN_BYTES = 4L << 20;

    /** After so many steps a stretch ends, whether or not there is something to be read in it. */
    private static final int MAX_STEPS = 256;

    private final RecordingInput input;
    private WalkPlace place;
    private RecordingWalk walk;
    private DoneRecordings.Lookup done;
    private Step ahead;
    private boolean isOver;

    BatchLister(RecordingInput input, WalkPlace place) {
        this.input = input;
        this.place = place;
    }

    /**
     * The next stretches, fewer than {@code most} only if the walk is over.
     *
     * @throws IOException if the input as a whole cannot be read
     */
    List<Stretch> next(int most) throws IOException {
        if (walk == null && !isOver) {
            done = input.done().open();
            walk = input.walk(place);
        }
        List<Stretch> stretches = new ArrayList<>();
        while (!isOver && stretches.size() < most) {
            stretches.add(stretch());
        }
        return stretches;
    }

    /** Once a walk is over, all that was opened for it is closed. */
    @Override
    public void close() throws IOException {
        try {
            if (walk != null) {
                walk.close();
            }
        } finally {
            walk = null;
            DoneRecordings.Lookup opened = done;
            done = null;
            if (opened != null) {
                opened.close();
            }
        }
    }

    private Stretch stretch() throws IOException {
        List<FoundRecording> batch = new ArrayList<>();
        long bytes = 0;
        for (int steps = 0; steps < MAX_STEPS && batch.size() < MAX_RECORDINGS; steps++) {
            Step step = ahead == null ? walk.next() : ahead;
            ahead = step;
            if (step == null) {
                isOver = true;
                close();
                break;
            }
            boolean isSkipped = step.found() != null && done.isDone(step.found().name());
            if (step.found() != null && !isSkipped) {
                long size = step.bytes() == Step.UNKNOWN ? UNKNOWN_BYTES : step.bytes();
                if (!batch.isEmpty() && bytes + size > MAX_BYTES) {
                    break;
                }
                bytes += size;
                batch.add(step.found());
            }
            place = place.after(step, isSkipped);
            ahead = null;
        }
        return new Stretch(batch.isEmpty() ? null : RecordingBatch.of(batch), place, isOver);
    }
}
