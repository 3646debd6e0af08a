package dev.decant.container;

import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Chooses the stream IDs of the recordings that one subtask reads so that their key groups are its own: what is keyed by
 * stream ID can follow in the same task, without a shuffle.
 *
 * <p>The stream ID is the recording's name if that fits, else the name, two slashes and a number, {@code a/b.opus//2}. Names
 * are paths without empty elements, so that no name holds two slashes in a row, and recordings of different names have
 * different stream IDs.
 *
 * @param subtask that reads, from 0
 * @param parallelism how many subtasks there are
 * @param maxParallelism how many key groups there are
 */
record RecordingStreamIds(int subtask, int parallelism, int maxParallelism) {
    private static final String BEFORE_NUMBER = "//";

    /** The stream ID for a recording that is read from its beginning. */
    String of(String name) {
        String streamId = name;
        // Hashes scatter over the key groups, of which every subtask has some.
        for (int number = 2; owner(streamId, parallelism, maxParallelism) != subtask; number++) {
            streamId = name + BEFORE_NUMBER + number;
        }
        return streamId;
    }

    /** The subtask to which {@code keyBy} would send the stream. */
    static int owner(String streamId, int parallelism, int maxParallelism) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(streamId, maxParallelism, parallelism);
    }
}
