package dev.decant.opus;

/**
 * Ends this process when the one that started it is gone, even if it was killed, and even while native code here does not
 * return. That pipes are closed is not enough: nobody reads them then.
 */
final class ParentWatch {
    private static final long INTERVAL_MILLIS = 500;

    private ParentWatch() {}

    /**
     * @param parent the process that may have been gone before this began
     */
    static void start(long parent) {
        Thread thread = new Thread(() -> watch(parent), "parent watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whose child this is, rather than whether that process is alive: it may be dead and not yet buried. */
    private static boolean isChildOf(long parent) {
        return ProcessHandle.current()
                .parent()
                .map(handle -> handle.pid() == parent)
                .orElse(false);
    }

    private static void watch(long parent) {
        try {
            while (isChildOf(parent)) {
                Thread.sleep(INTERVAL_MILLIS);
            }
        } catch (InterruptedException e) {
            // Nobody does that; if somebody did, better no decoders than ones that nobody ends.
        }
        DecoderProcessMain.end(1);
    }
}
