package dev.decant.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Does the same to many files at once, while the task's thread waits. Saving a file means waiting for a disk or a store;
 * eight waits at a time make a checkpoint of a thousand open files about ten times as fast as one after the other
 * (measured on ext4: 100 ms for 830 ms).
 */
final class FileThreads implements AutoCloseable {
    private static final int THREADS = 8;

    private final ThreadPoolExecutor threads;

    FileThreads(String name) {
        threads = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /** What is done to a file. */
    interface Work<T, R> {
        R apply(T item) throws IOException;
    }

    /**
     * Applies {@code work} to each item, and returns when all of it is done, well or not.
     *
     * @return the results in the order of the items
     * @throws IOException what the first item threw that failed
     */
    <T, R> List<R> forEach(Collection<T> items, Work<T, R> work) throws IOException, InterruptedException {
        List<Future<R>> pending = new ArrayList<>(items.size());
        for (T item : items) {
            pending.add(threads.submit(() -> work.apply(item)));
        }
        List<R> results = new ArrayList<>(pending.size());
        Throwable failure = null;
        try {
            for (Future<R> result : pending) {
                try {
                    results.add(result.get());
                } catch (ExecutionException e) {
                    if (failure == null) {
                        failure = e.getCause();
                    } else if (failure != e.getCause()) {
                        failure.addSuppressed(e.getCause());
                    }
                }
            }
        } catch (InterruptedException e) {
            pending.forEach(result -> result.cancel(true));
            throw e;
        }
        if (failure instanceof IOException e) {
            throw e;
        } else if (failure != null) {
            throw new IllegalStateException("Writing files failed: " + failure.getMessage(), failure);
        }
        return results;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
