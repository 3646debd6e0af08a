package dev.decant.job;

import static dev.decant.job.UsageException.usage;

/** Ports that users name. */
final class Ports {
    private static final int LAST = 65_535;

    private Ports() {}

    /**
     * What {@code --port} may be.
     *
     * @throws UsageException if it is no port, nor 0
     */
    static int require(int port) {
        if (port < 0 || port > LAST) {
            throw usage("--port is " + port + ": take 1 to " + LAST + ", or 0 for any that is free");
        }
        return port;
    }
}
