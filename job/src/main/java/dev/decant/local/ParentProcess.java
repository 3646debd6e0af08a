package dev.decant.local;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The process that started this one. */
final class ParentProcess {
    private ParentProcess() {}

    /** Completes when it is gone, even if it was killed; never where there is none, as in a container of its own. */
    static CompletableFuture<?> gone() {
        Optional<Long> parent = pid();
        return Polling.until(now -> !now.equals(parent), () -> CompletableFuture.completedFuture(pid()));
    }

    /** Whose child this is now, rather than whether that process is alive: it may be dead and not yet buried. */
    private static Optional<Long> pid() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid);
    }
}
