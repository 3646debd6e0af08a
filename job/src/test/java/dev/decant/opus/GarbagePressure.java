package dev.decant.opus;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Collects garbage all the time, and makes it: arrays of all sizes, of which some live long enough to be moved. */
final class GarbagePressure implements AutoCloseable {
    private final List<Thread> threads =
            List.of(new Thread(this::collect, "collect"), new Thread(this::litter, "litter"));
    private final long collectionsBefore = collectionsOfThisJvm();
    private volatile boolean ended;

    GarbagePressure() {
        threads.forEach(Thread::start);
    }

    /** How many collections there were since the pressure began. */
    long collections() {
        return collectionsOfThisJvm() - collectionsBefore;
    }

    /** Returns when so many collections have ended since it was called. */
    void awaitCollections(long count) {
        long enough = collections() + count;
        while (collections() < enough) {
            Thread.onSpinWait();
        }
    }

    private static long collectionsOfThisJvm() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    @Override
    public void close() {
        ended = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void collect() {
        while (!ended) {
            System.gc();
        }
    }

    private void litter() {
        List<byte[]> kept = new ArrayList<>();
        for (int i = 0; !ended; i++) {
            byte[] garbage = new byte[16 << i % 14];
            if (i % 7 == 0) {
                kept.add(garbage);
            }
            if (kept.size() > 2_000) {
                kept.clear();
            }
        }
    }
}
