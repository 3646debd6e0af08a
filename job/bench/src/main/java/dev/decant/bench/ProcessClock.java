package dev.decant.bench;

import com.sun.jna.Library;
import com.sun.jna.Native;

/**
 * The CPU time of a process, all its threads together, those that have ended too: the garbage collector's, the compiler's and
 * those that write checkpoints are among them. Java's own clock of the process counts in steps of 10 ms.
 */
final class ProcessClock {
    private static final long NANOS_A_SECOND = 1_000_000_000L;

    private final LibC libC = Native.load("c", LibC.class);
    private final long[] timespec = new long[2];
    private final int clock;

    /** time.h, as far as it is needed here. */
    interface LibC extends Library {
        int clock_getcpuclockid(int process, int[] clock);

        int clock_gettime(int clock, long[] timespec);
    }

    /**
     * That of a process that is running.
     *
     * @param process its ID
     */
    ProcessClock(long process) {
        int[] found = new int[1];
        if (libC.clock_getcpuclockid((int) process, found) != 0) {
            throw new BenchException("there is no process " + process);
        }
        clock = found[0];
    }

    static ProcessClock ofThisProcess() {
        return new ProcessClock(ProcessHandle.current().pid());
    }

    /** CPU time since the process began, ns. */
    long nanos() {
        if (libC.clock_gettime(clock, timespec) != 0) {
            throw new BenchException("the system does not tell the CPU time of the process");
        }
        return timespec[0] * NANOS_A_SECOND + timespec[1];
    }
}
