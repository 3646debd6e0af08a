package dev.decant.file;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Finished bodies that may still wait for their commit: until then they must not be taken for leftovers. The committer
 * tells nobody when it is done, so a body is watched until two checkpoints that hold its commit are complete: the first
 * orders the commit, and no second is taken before the committer has heard of the first or has been restored from it.
 */
final class CommitWatch {
    private List<String> finished = new ArrayList<>();
    /** By the first checkpoint that holds their commit. */
    private final TreeMap<Long, List<String>> finishedBefore = new TreeMap<>();

    private long lastComplete = Long.MIN_VALUE;

    /** A body was finished. */
    void add(String path) {
        finished.add(path);
    }

    /** Paths of all bodies that may still wait for their commit. */
    List<String> onSnapshot(long checkpointId) {
        if (!finished.isEmpty()) {
            finishedBefore.put(checkpointId, finished);
            finished = new ArrayList<>();
        }
        List<String> all = new ArrayList<>();
        finishedBefore.values().forEach(all::addAll);
        return all;
    }

    void onCheckpointComplete(long checkpointId) {
        finishedBefore.headMap(lastComplete, true).clear();
        lastComplete = Math.max(lastComplete, checkpointId);
    }
}
