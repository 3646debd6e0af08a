package dev.decant.file;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Writes the samples of each stream to a body, which lives through checkpoints and failures, and hands on a
 * {@link FinishedFile} when the stream, or a piece of it, is complete. A WAV header holds the length, and Flink's recoverable
 * writers can't go back to the start of a file: so the header comes when the length is known, with the commit; on this machine into the room that a body
 * leaves for it.
 *
 * <p>State: every unfinished body, in union list state, so that after a rescale each subtask finds those of its key groups.
 * Of all bodies at most {@code maxOpenFiles} have a file handle and a buffer; the least recently written is put away.
 */
final class BodyWriter extends AbstractStreamOperator<FinishedFile>
        implements OneInputStreamOperator<PcmFrame, FinishedFile>, BoundedOneInput {
    private static final ListStateDescriptor<OpenBody> OPEN_BODIES =
            new ListStateDescriptor<>("open-bodies", OpenBody.Serializer.INSTANCE);
    private static final ListStateDescriptor<String> FINISHED_BODIES =
            new ListStateDescriptor<>("finished-bodies", StringSerializer.INSTANCE);

    private final Path folder;
    private final BodyShape shape;
    private final long pieceMillis;
    private final int maxOpenFiles;

    private transient TaskInfo task;
    private transient WorkFolder workFolder;
    private transient BodyStore store;
    private transient FileThreads threads;
    /** Bodies with a buffer and, once that was full, a file handle; the least recently written first. */
    private transient LinkedHashMap<String, PcmBody> open;
    /** Bodies with neither. */
    private transient Map<String, PcmBody> away;

    private transient CommitWatch commitWatch;
    private transient ListState<OpenBody> openBodies;
    private transient ListState<String> finishedBodies;
    private transient boolean inputEnded;

    /**
     * @param segment the length of a piece, or null for one file a stream
     */
    BodyWriter(Path folder, BodyShape shape, Duration segment, int maxOpenFiles) {
        this.folder = folder;
        this.shape = shape;
        this.pieceMillis = segment == null ? 0 : segment.toMillis();
        this.maxOpenFiles = maxOpenFiles;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        task = getRuntimeContext().getTaskInfo();
        workFolder = new WorkFolder(
                folder,
                getRuntimeContext().getJobInfo().getJobId(),
                task.getIndexOfThisSubtask(),
                task.getNumberOfParallelSubtasks());
        store = new BodyStore(folder.getFileSystem().createRecoverableWriter(), workFolder, shape);
        threads = new FileThreads("decant-bodies-" + task.getIndexOfThisSubtask());
        open = new LinkedHashMap<>(16, 0.75f, true);
        away = new HashMap<>();
        commitWatch = new CommitWatch();
        openBodies = context.getOperatorStateStore().getUnionListState(OPEN_BODIES);
        finishedBodies = context.getOperatorStateStore().getUnionListState(FINISHED_BODIES);
        Set<String> known = new HashSet<>();
        for (OpenBody kept : openBodies.get()) {
            if (kept.body() != null) {
                known.add(kept.body().path());
            }
            if (isOurs(kept.streamId())) {
                away.put(kept.streamId(), PcmBody.restore(store, kept));
            }
        }
        for (String path : finishedBodies.get()) {
            known.add(path);
            if (Math.floorMod(path.hashCode(), task.getNumberOfParallelSubtasks()) == task.getIndexOfThisSubtask()) {
                commitWatch.add(path);
            }
        }
        if (!shape.gathered()) {
            workFolder.tidy(known);
        }
        workFolder.create();
    }

    @Override
    public void processElement(StreamRecord<PcmFrame> element) throws Exception {
        PcmFrame frame = element.getValue();
        switch (frame.outcome()) {
            case END -> end(frame.streamId());
            case RESET -> body(frame);
            case FILLED -> appendSilence(body(frame), frame);
            case DECODED, FEC, CONCEALED, REJECTED, COMFORT_NOISE -> append(body(frame), frame);
        }
    }

    @Override
    public void endInput() throws Exception {
        // Those that are finished leave last: of a task that fails or is cancelled meanwhile, close() abandons all.
        threads.forEach(allBodies(), this::finished).forEach(this::emit);
        open.clear();
        away.clear();
        inputEnded = true;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        openBodies.update(threads.forEach(allBodies(), PcmBody::save));
        finishedBodies.update(commitWatch.onSnapshot(context.getCheckpointId()));
        store.onSnapshot(context.getCheckpointId());
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        commitWatch.onCheckpointComplete(checkpointId);
        store.onCheckpointComplete(checkpointId);
    }

    @Override
    public void close() throws Exception {
        if (threads != null) {
            threads.close();
        }
        if (open != null) {
            allBodies().forEach(PcmBody::abandon);
        }
        if (inputEnded) {
            workFolder.removeIfEmpty();
        }
        super.close();
    }

    /** The body that the frame goes to: the stream's, or a new one. */
    private PcmBody body(PcmFrame frame) throws IOException {
        PcmBody body = open.get(frame.streamId());
        if (body == null) {
            body = takeUp(frame);
        }
        if (body.format != frame.format() && !body.format.equals(frame.format())) {
            // One header can't tell of two formats: what comes now begins a file of its own.
            finish(body);
            body = begin(frame.streamId(), frame.format(), 0);
        }
        return body;
    }

    private PcmBody takeUp(PcmFrame frame) throws IOException {
        PcmBody body = away.remove(frame.streamId());
        if (body == null) {
            if (!isOurs(frame.streamId())) {
                throw new IllegalStateException(
                        "A frame of stream \"" + frame.streamId() + "\" came to subtask "
                                + task.getIndexOfThisSubtask() + " of " + task.getNumberOfParallelSubtasks()
                                + ", which is not its own: key the frames by stream ID, and write them with the same parallelism");
            }
            body = new PcmBody(store, frame.streamId(), frame.format(), 0);
        }
        open.put(frame.streamId(), body);
        if (open.size() > maxOpenFiles) {
            Iterator<PcmBody> leastRecent = open.values().iterator();
            PcmBody rested = leastRecent.next();
            leastRecent.remove();
            away.put(rested.streamId, rested);
            rested.putAway();
        }
        return body;
    }

    private PcmBody begin(String streamId, PcmFormat format, long start) {
        PcmBody body = new PcmBody(store, streamId, format, start);
        open.put(streamId, body);
        return body;
    }

    private void append(PcmBody first, PcmFrame frame) throws IOException {
        byte[] pcm = frame.pcm();
        int bytesPerSample = first.format.bytesPerSample();
        if (pcm.length != frame.sampleCount() * bytesPerSample) {
            throw new IllegalStateException("A frame of stream \"" + frame.streamId() + "\" has " + pcm.length
                    + " bytes: " + frame.sampleCount() + " samples of " + bytesPerSample + " bytes were announced");
        }
        int count = pcm.length / bytesPerSample;
        PcmBody body = nextPieceIfFull(first);
        body.note(frame);
        int done = 0;
        while (done < count) {
            int part = (int) Math.min(count - done, roomInPiece(body));
            body.append(pcm, done * bytesPerSample, part);
            done += part;
            body = nextPieceIfFull(body);
        }
    }

    private void appendSilence(PcmBody first, PcmFrame frame) throws IOException {
        long count = frame.sampleCount();
        PcmBody body = nextPieceIfFull(first);
        body.note(frame);
        long done = 0;
        while (done < count) {
            long part = Math.min(count - done, roomInPiece(body));
            body.appendSilence(part);
            done += part;
            body = nextPieceIfFull(body);
        }
    }

    /** Samples a channel. */
    private long roomInPiece(PcmBody body) {
        return pieceMillis == 0 ? Long.MAX_VALUE : pieceMillis * body.format.rate() / 1_000 - body.samples();
    }

    /** The body is more than full where a savepoint was taken with longer pieces, or with none. */
    private PcmBody nextPieceIfFull(PcmBody body) throws IOException {
        if (roomInPiece(body) > 0) {
            return body;
        }
        finish(body);
        return begin(body.streamId, body.format, body.start + body.samples());
    }

    private void end(String streamId) throws IOException {
        Map<String, PcmBody> bodies = open.containsKey(streamId) ? open : away;
        PcmBody body = bodies.get(streamId);
        if (body != null) {
            finish(body);
            bodies.remove(streamId);
        }
    }

    private void finish(PcmBody body) throws IOException {
        emit(finished(body));
    }

    private FinishedFile finished(PcmBody body) throws IOException {
        return body.finish(pieceMillis > 0);
    }

    private void emit(FinishedFile file) {
        if (file.samples() == 0 && file.start() > 0) {
            return; // the stream ended just where a piece did
        }
        if (file.body() != null) {
            commitWatch.add(file.body().path());
        }
        output.collect(new StreamRecord<>(file));
    }

    private List<PcmBody> allBodies() {
        List<PcmBody> bodies = new ArrayList<>(open.size() + away.size());
        bodies.addAll(open.values());
        bodies.addAll(away.values());
        return bodies;
    }

    private boolean isOurs(String streamId) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        streamId, task.getMaxNumberOfParallelSubtasks(), task.getNumberOfParallelSubtasks())
                == task.getIndexOfThisSubtask();
    }
}
