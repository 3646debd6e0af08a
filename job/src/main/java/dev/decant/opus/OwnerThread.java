package dev.decant.opus;

/** The one thread that may use a decoder or workspace, and whether it is closed. */
final class OwnerThread {
    private final String what;
    private final Thread owner = Thread.currentThread();
    private boolean closed;

    /**
     * @param what is owned, as a sentence begins: "This decoder"
     */
    OwnerThread(String what) {
        this.what = what;
    }

    /**
     * @throws IllegalStateException if what is owned was closed, or this is not the thread that made it
     */
    void requireOpen() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException(what + " belongs to thread \"" + owner.getName()
                    + "\" and was called from \"" + Thread.currentThread().getName() + "\"");
        }
        if (closed) {
            throw new IllegalStateException(what + " was closed");
        }
    }

    /**
     * Closes, once. Another thread may do so only after the owner has ended: until then the owner could be in the
     * middle of a call.
     *
     * @return whether it was open
     */
    boolean close() {
        if (Thread.currentThread() != owner && owner.isAlive()) {
            throw new IllegalStateException(
                    what + " belongs to thread \"" + owner.getName() + "\", which still runs: it closes it, not \""
                            + Thread.currentThread().getName() + "\"");
        }
        boolean wasOpen = !closed;
        closed = true;
        return wasOpen;
    }
}
