package dev.decant.container;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;

/** Which recordings an earlier run has done, so that they need not be read again. */
@FunctionalInterface
public interface DoneRecordings extends Serializable {

    /** Opens the record of it: once for each start of the job, where its splits are made. Whoever opens it closes it. */
    Lookup open() throws IOException;

    /** No recording has been done. */
    static DoneRecordings none() {
        return () -> name -> false;
    }

    /** Answers for one recording after the other; used by one thread. */
    @FunctionalInterface
    interface Lookup extends Closeable {
        /** Whether the recording of this name is done: its path below the input folder, as {@link RecordingEnd#name} has it. */
        boolean isDone(String name) throws IOException;

        @Override
        default void close() throws IOException {}
    }
}
