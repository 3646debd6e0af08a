package dev.decant.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;

/**
 * What the bodies of one subtask share: the file system's writer, the place for new bodies, and the clearing away of what
 * a file system keeps for recovery points (S3 keeps the last, short part of each) once a later checkpoint is complete.
 */
final class BodyStore {
    private final RecoverableWriter writer;
    private final WorkFolder folder;
    private final BodyShape shape;
    private final boolean mustCleanUp;
    private List<ResumeRecoverable> superseded = new ArrayList<>();
    private final TreeMap<Long, List<ResumeRecoverable>> supersededBefore = new TreeMap<>();

    BodyStore(RecoverableWriter writer, WorkFolder folder, BodyShape shape) {
        this.writer = writer;
        this.folder = folder;
        this.shape = shape;
        this.mustCleanUp = writer.requiresCleanupOfRecoverableState();
    }

    RecoverableWriter writer() {
        return writer;
    }

    BodyShape shape() {
        return shape;
    }

    Path newPath() {
        return folder.newBody();
    }

    /** Notes a recovery point that the next checkpoint will not name any more. Bodies are saved by several threads. */
    synchronized void superseded(ResumeRecoverable recoverable) {
        if (mustCleanUp) {
            superseded.add(recoverable);
        }
    }

    /** A checkpoint was taken: it names nothing that was superseded until now. */
    synchronized void onSnapshot(long checkpointId) {
        if (!superseded.isEmpty()) {
            supersededBefore.put(checkpointId, superseded);
            superseded = new ArrayList<>();
        }
    }

    /** A checkpoint is complete: nobody goes back behind it. */
    synchronized void onCheckpointComplete(long checkpointId) throws IOException {
        if (supersededBefore.isEmpty()) {
            return;
        }
        var past = supersededBefore.headMap(checkpointId, true);
        for (List<ResumeRecoverable> recoverables : past.values()) {
            for (ResumeRecoverable recoverable : recoverables) {
                writer.cleanupRecoverableState(recoverable);
            }
        }
        past.clear();
    }
}
