package dev.decant.bench;

import com.sun.jna.Library;
import com.sun.jna.Native;

/**
 * The CPU time of this process, all its threads together: the garbage collector's, the compiler's and those that write
 * checkpoints are among them. Java's own clock of the process counts in steps of 10 ms.
 */
final class ProcessClock {
    // time.h of Linux.
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    private static final long NANOS_A_SECOND = 1_000_000_000L;

    private final LibC libC = Native.load("c", LibC.class);
    private final long[] timespec = new long[2];

    /** time.h, as far as it is needed here. */
    interface LibC extends Library {
        int clock_gettime(int clock, long[] timespec);
    }

    /** CPU time since the process began, ns. */
    long nanos() {
        if (libC.clock_gettime(CLOCK_PROCESS_CPUTIME_ID, timespec) != 0) {
            throw new BenchException("the system does not tell the CPU time of this process");
        }
        return timespec[0] * NANOS_A_SECOND + timespec[1];
    }
}
