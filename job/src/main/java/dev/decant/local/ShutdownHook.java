package dev.decant.local;

/** What has to be done if this JVM ends, by Ctrl-C for instance, before its owner has done it. */
final class ShutdownHook {
    private final Thread thread;

    private ShutdownHook(Thread thread) {
        this.thread = thread;
    }

    /**
     * @param action may run while its owner does the same, or after that
     */
    static ShutdownHook add(String name, Runnable action) {
        Thread thread = new Thread(action, name);
        Runtime.getRuntime().addShutdownHook(thread);
        return new ShutdownHook(thread);
    }

    /** The owner does it. Removing twice does nothing, nor does removing while the JVM ends. */
    void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException ending) {
            // Then the action runs, as it may.
        }
    }
}
