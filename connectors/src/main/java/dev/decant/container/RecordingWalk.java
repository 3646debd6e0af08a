package dev.decant.container;

import java.io.Closeable;
import java.io.IOException;

/** Goes from recording to recording in an order that stays the same. Used by one thread at a time. */
interface RecordingWalk extends Closeable {

    /**
     * Goes one step.
     *
     * @return null if there is nothing more
     * @throws IOException if the input as a whole cannot be read
     */
    Step next() throws IOException;

    @Override
    default void close() throws IOException {}

    /**
     * A step of a walk.
     *
     * @param found null if there was nothing to be found: a step is never long
     * @param bytes the size of the recording, or {@link #UNKNOWN}
     * @param line in which line of a list it stands; 0 if there is no list
     */
    record Step(FoundRecording found, long bytes, long line) {
        static final long UNKNOWN = -1;

        /** A step to nowhere. */
        static Step toNothing(long line) {
            return new Step(null, 0, line);
        }
    }
}
