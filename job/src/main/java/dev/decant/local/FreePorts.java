package dev.decant.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of this machine that nobody listens on.
 *
 * <p>They lie below the range that systems give to outgoing connections (Linux: from 32,768; macOS and Windows: from
 * 49,152). So nobody is given one by chance while its process starts or is down between a kill and a restart, and a
 * client that tries to reach that process meanwhile cannot connect to itself.
 */
final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int END = 32_000;
    private static final int ATTEMPTS = 1_000;

    private FreePorts() {}

    /**
     * So many different ports that were free a moment ago.
     *
     * @throws LocalException if there are none
     */
    static List<Integer> find(int count) {
        List<Integer> ports = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS && ports.size() < count; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (!ports.contains(port) && isFree(port)) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new LocalException(
                    "found no " + count + " free ports between " + FIRST + " and " + END + " on " + loopback());
        }
        return ports;
    }

    /**
     * This port, if nobody listens on it; 0, which stands for any that is free, always is.
     *
     * @throws LocalException if somebody does
     */
    static int requireFree(int port) {
        if (!isFree(port)) {
            throw new LocalException("port " + port + " of " + loopback().getHostAddress()
                    + " is taken: name another one, or 0 for any that is free");
        }
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(loopback(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }
}
