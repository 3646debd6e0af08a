package dev.decant.opus;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ends a process that does not answer in time. A thread looks at the clock, so that the calls need not.
 *
 * <p>It counts its own steps instead of the time that has passed: a pause of this whole process, by a debugger, a
 * garbage collection or SIGSTOP, is one step, however long it was, and puts no blame on the call.
 */
final class CallDeadline implements AutoCloseable {
    private static final int STEPS = 10;
    private static final long IDLE = 0;
    private static final long OVER = -1;

    private final Duration deadline;
    private final Thread thread;
    private final Runnable onOver;
    /** The number of the call that is under way. */
    private final AtomicLong current = new AtomicLong(IDLE);

    private long calls;

    /**
     * @param name of the thread
     * @param onOver called in that thread, once, as the first call is late; then this has ended
     */
    CallDeadline(Duration deadline, String name, Runnable onOver) {
        this.deadline = deadline;
        this.onOver = onOver;
        thread = new Thread(this::watch, name);
        thread.setDaemon(true);
        thread.start();
    }

    Duration deadline() {
        return deadline;
    }

    void begin() {
        calls++;
        current.compareAndSet(IDLE, calls);
    }

    /** Whether the call that began last has come in time. */
    boolean end() {
        return current.compareAndSet(calls, IDLE);
    }

    boolean isOver() {
        return current.get() == OVER;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void watch() {
        long step = Math.max(1, deadline.toMillis() / STEPS);
        long call = IDLE;
        int steps = 0;
        try {
            while (!isOver()) {
                Thread.sleep(step);
                long now = current.get();
                steps = now == call ? steps + 1 : 0;
                call = now;
                if (call != IDLE && steps >= STEPS && current.compareAndSet(call, OVER)) {
                    onOver.run();
                }
            }
        } catch (InterruptedException e) {
            // Closed: there is no more to watch.
        }
    }
}
