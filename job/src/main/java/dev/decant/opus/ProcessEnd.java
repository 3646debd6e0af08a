package dev.decant.opus;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Why a process with decoders is no more.
 *
 * @param error whether the packet that was decoded may be to blame
 * @param message what is known of it
 */
record ProcessEnd(OpusError error, String message) {
    /** What {@link Process#exitValue} adds to the number of the signal that ended a process. */
    private static final int SIGNALLED = 128;

    /** Native code can bring these on itself; of most the JVM makes a report and ends with code 1. */
    private static final Map<Integer, String> SIGNALS_FROM_INSIDE =
            Map.of(4, "SIGILL", 5, "SIGTRAP", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 11, "SIGSEGV");

    /** These somebody sends: a user, an operating system that is short of memory. */
    private static final Map<Integer, String> SIGNALS_FROM_OUTSIDE =
            Map.of(1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 9, "SIGKILL", 15, "SIGTERM");

    OpusException exception() {
        return new OpusException(error, message);
    }

    /** A process that was ended since a call outlasted the deadline. */
    static ProcessEnd late(long pid, int exitCode, Duration deadline, ProcessFolder folder) {
        // It may have crashed, and been late with the report on that.
        if (folder.hasCrashReport()) {
            return crashed(pid, exitCode, folder);
        }
        return new ProcessEnd(
                OpusError.PROCESS_HUNG,
                "Process " + pid + " of the decoders did not answer within " + deadline.toMillis()
                        + " ms, and was ended");
    }

    /** A process that had to be ended, since it went on without answering as it should. */
    static ProcessEnd mad(long pid, IOException answer) {
        return new ProcessEnd(
                OpusError.PROCESS_CRASHED,
                "Process " + pid + " of the decoders gave an answer that made no sense, and was ended: "
                        + answer.getMessage());
    }

    /** A process that ended otherwise. */
    static ProcessEnd of(long pid, int exitCode, ProcessFolder folder) {
        int signal = exitCode - SIGNALLED;
        if (SIGNALS_FROM_OUTSIDE.containsKey(signal) && !folder.hasCrashReport()) {
            return new ProcessEnd(
                    OpusError.PROCESS_KILLED,
                    "Process " + pid + " of the decoders was ended from outside: exit code " + exitCode + ", "
                            + SIGNALS_FROM_OUTSIDE.get(signal));
        }
        return crashed(pid, exitCode, folder);
    }

    private static ProcessEnd crashed(long pid, int exitCode, ProcessFolder folder) {
        String how = folder.crash()
                .or(() -> Optional.ofNullable(SIGNALS_FROM_INSIDE.get(exitCode - SIGNALLED)))
                .map(what -> ", " + what)
                .orElse("");
        return new ProcessEnd(
                OpusError.PROCESS_CRASHED, "Process " + pid + " of the decoders crashed: exit code " + exitCode + how);
    }
}
