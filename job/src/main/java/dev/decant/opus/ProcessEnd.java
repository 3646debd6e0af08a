package dev.decant.opus;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Why a process with decoders is no more.
 *
 * @param error whether the packet that was decoded may be to blame
 * @param message what is known of it
 */
record ProcessEnd(OpusError error, String message) {
    /** What {@link Process#exitValue} adds to the number of the signal that ended a process. */
    private static final int SIGNALLED = 128;

    /** Native code can bring these on itself. */
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
            return crashed(pid, "exit code " + exitCode, folder);
        }
        return new ProcessEnd(
                OpusError.PROCESS_HUNG,
                "Process " + pid + " of the decoders did not answer within " + deadline.toMillis()
                        + " ms, and was ended");
    }

    /**
     * A process that ended otherwise.
     *
     * @param cause what came of the call
     */
    static ProcessEnd of(long pid, int exitCode, IOException cause, ProcessFolder folder) {
        if (cause instanceof Message.MalformedException) {
            return crashed(pid, "its answer made no sense, " + cause.getMessage(), folder);
        }
        String signal = SIGNALS_FROM_OUTSIDE.get(exitCode - SIGNALLED);
        if (signal != null) {
            return new ProcessEnd(
                    OpusError.PROCESS_KILLED,
                    "Process " + pid + " of the decoders was ended from outside: exit code " + exitCode + ", "
                            + signal);
        }
        signal = SIGNALS_FROM_INSIDE.get(exitCode - SIGNALLED);
        return crashed(pid, "exit code " + exitCode + (signal == null ? "" : ", " + signal), folder);
    }

    private static ProcessEnd crashed(long pid, String how, ProcessFolder folder) {
        String frame = folder.problematicFrame().map(line -> ", in " + line).orElse("");
        return new ProcessEnd(OpusError.PROCESS_CRASHED, "Process " + pid + " of the decoders crashed: " + how + frame);
    }
}
