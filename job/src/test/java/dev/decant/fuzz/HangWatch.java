package dev.decant.fuzz;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Notices a packet that hangs its decoder. It runs the work in a thread of its own, since a thread within native code cannot
 * be stopped: a work that hangs is left behind, and the test that waits for it fails.
 *
 * <p>This asserts no speed. A step takes some ten microseconds; ten seconds are a million times that, and they are
 * counted as ten turns of this watch, which stands still with the process when the machine does.
 */
public final class HangWatch {
    private static final int TURNS = 10;
    private static final long TURN_MILLIS = 1_000;

    private HangWatch() {}

    /**
     * Runs the work.
     *
     * @param packets the work enters each of its packets there, and each of their steps
     * @throws AssertionError if the same step was in work for longer than ten turns; says of which packet, and where it hangs
     * @throws Exception what the work threw
     */
    public static <T> T run(LastPacket packets, Callable<T> work) throws Exception {
        return run(packets, TURN_MILLIS, work);
    }

    static <T> T run(LastPacket packets, long turnMillis, Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread worker = new Thread(task, "fuzzing");
        worker.setDaemon(true);
        worker.start();
        long seen = packets.progress();
        int turns = 0;
        while (worker.isAlive()) {
            worker.join(turnMillis);
            long progress = packets.progress();
            turns = progress == seen ? turns + 1 : 0;
            seen = progress;
            if (turns > TURNS && progress > 0) {
                throw new AssertionError(
                        "Packet " + packets.index() + " hangs, in " + Arrays.toString(worker.getStackTrace()));
            }
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }
}
