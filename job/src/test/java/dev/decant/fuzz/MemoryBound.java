package dev.decant.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * That memory does not grow with the packets: neither what is reachable on the heap, nor what the process takes outside it.
 * A leak of two hundred bytes a packet takes twice these bounds in ten million packets.
 */
public final class MemoryBound {
    private static final long HEAP_GROWTH = 64L << 20;

    /** The collector gives back what the heap no longer needs when it likes; until then it counts as outside. */
    private static final long GROWTH_OUTSIDE = 1L << 30;

    private final long heapAtFirst;
    private final long outsideAtFirst;
    private long heap;
    private long outside;

    /** Takes what is used now, when everything has been warmed up, as the measure. */
    public MemoryBound() throws IOException {
        measure();
        heapAtFirst = heap;
        outsideAtFirst = outside;
    }

    /** Demands that no more is used now than at first, but for the bounds. */
    public void check() throws IOException {
        measure();
        assertThat(heap).as("bytes on the heap after a collection").isLessThan(heapAtFirst + HEAP_GROWTH);
        assertThat(outside).as("resident bytes beyond the heap").isLessThan(outsideAtFirst + GROWTH_OUTSIDE);
    }

    @Override
    public String toString() {
        return String.format(
                "heap after a collection %,d KiB at first, %,d KiB at last; resident beyond the heap %,d and %,d KiB",
                heapAtFirst >> 10, heap >> 10, outsideAtFirst >> 10, outside >> 10);
    }

    private void measure() throws IOException {
        System.gc();
        var usage = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        heap = usage.getUsed();
        outside = Math.max(0, residentBytes() - usage.getCommitted());
    }

    /** Bytes of this process in memory; 0 where the operating system does not tell as Linux does. */
    public static long residentBytes() throws IOException {
        return residentBytes(Path.of("/proc/self/status"));
    }

    /** The same of another process. */
    public static long residentBytes(ProcessHandle process) throws IOException {
        return residentBytes(Path.of("/proc/" + process.pid() + "/status"));
    }

    private static long residentBytes(Path status) throws IOException {
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }
}
