package dev.decant.bench;

import java.io.IOException;
import java.util.Map;

/** A process that decodes when it is told to, and waits in between: one of two that take turns over the same packets. */
interface TurnTaker extends AutoCloseable {
    /**
     * Decodes the next packets.
     *
     * @param checkpoint whether a checkpoint is taken meanwhile, by what takes any
     */
    RunningPipeline.Cost turn(int packets, boolean checkpoint) throws IOException;

    /** A hash of all samples so far of some streams. */
    long hash() throws IOException;

    /** The memory of the process ({@code VmRSS}, {@code VmHWM}, bytes), {@link ThreadTimes}, and the metrics that it has. */
    Map<String, Long> state() throws IOException;

    @Override
    void close() throws IOException;
}
