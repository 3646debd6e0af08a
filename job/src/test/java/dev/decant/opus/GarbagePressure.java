package dev.decant.opus;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes garbage all the time, arrays of all sizes of which some live long enough to be moved, and has all of it collected
 * again and again: a full collection for every {@value #BYTES_A_COLLECTION} bytes, so that others get to run in between.
 */
final class GarbagePressure implements AutoCloseable {
    private static final int BYTES_A_COLLECTION = 32 << 20;

    private final Thread thread = new Thread(this::litterAndCollect, "garbage");
    private final long collectionsBefore = collectionsOfThisJvm();
    private volatile boolean ended;

    GarbagePressure() {
        thread.start();
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

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void litterAndCollect() {
        List<byte[]> kept = new ArrayList<>();
        while (!ended) {
            int left = BYTES_A_COLLECTION;
            for (int i = 0; left > 0; i++) {
                byte[] garbage = new byte[16 << i % 14];
                left -= garbage.length;
                if (i % 7 == 0) {
                    kept.add(garbage);
                }
            }
            System.gc();
            if (kept.size() > 10_000) {
                kept.clear();
            }
        }
    }

    private static long collectionsOfThisJvm() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
