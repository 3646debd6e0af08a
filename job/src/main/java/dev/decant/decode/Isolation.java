package dev.decant.decode;

import dev.decant.decode.IsolationSettings.When;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.runtime.state.FunctionInitializationContext;

/**
 * Whether the decoders of a subtask run in a process of their own now. What made a restore necessary may have been a
 * packet that crashes native code, and it comes again: so decoders are isolated from a restore until some checkpoints are
 * complete, and with them the stretch that is being replayed is behind the task.
 *
 * <p>A task that fails although it was isolated not long ago is isolated for twice as many checkpoints. So there is no
 * crash loop: every restart begins at a later checkpoint, and looks further.
 */
final class Isolation {
    /** By then a job with a checkpoint a second has been isolated for a quarter of an hour. */
    private static final int MOST_CHECKPOINTS = 1_000;

    private static final ListStateDescriptor<Integer> DESCRIPTOR =
            new ListStateDescriptor<>("isolation-checkpoints", IntSerializer.INSTANCE);

    private final IsolationSettings settings;
    private ListState<Integer> stored;
    /** Of this attempt's stretch of isolation; 0 if there is none. */
    private int checkpoints;

    private int completed;

    Isolation(IsolationSettings settings) {
        this.settings = settings;
    }

    /**
     * Begins an attempt of the task.
     *
     * @param attempt its number, from 0: a later one may be without state, if the one before failed before its first
     *     checkpoint
     */
    void begin(FunctionInitializationContext context, int attempt) throws Exception {
        stored = context.getOperatorStateStore().getUnionListState(DESCRIPTOR);
        if (settings.when() != When.AFTER_RESTORE || (!context.isRestored() && attempt == 0)) {
            return;
        }
        int lastTime = 0;
        for (int ofSubtask : stored.get()) {
            lastTime = Math.max(lastTime, ofSubtask);
        }
        checkpoints = lastTime == 0 ? settings.checkpoints() : Math.min(2 * lastTime, MOST_CHECKPOINTS);
    }

    /** Whether decoders belong into a process of their own. */
    boolean isActive() {
        return settings.when() == When.ALWAYS || completed < checkpoints;
    }

    /** How long decoders belong there, in words. */
    String length() {
        return settings.when() == When.ALWAYS
                ? "as long as the task runs"
                : "until " + checkpoints + " checkpoints are complete";
    }

    /** A checkpoint of this attempt is complete. */
    void recordCheckpoint() {
        completed++;
    }

    /** Part of a checkpoint: a failure after it is to find what it doubles. */
    void snapshot() throws Exception {
        // Forgotten once the task has gone as long without isolation as it was isolated.
        boolean recent = completed < 2 * checkpoints;
        stored.clear();
        stored.add(recent ? checkpoints : 0);
    }
}
