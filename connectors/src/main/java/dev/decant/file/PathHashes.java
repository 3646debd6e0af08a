package dev.decant.file;

import dev.decant.audio.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The paths of any number of recordings, as 64 bits of the SHA-256 of each: 8 bytes, and no object. That any of a million
 * paths is taken for one of a million others has a probability of 5 × 10<sup>-8</sup>.
 */
final class PathHashes {
    private long[] hashes = new long[1_024];
    private int count;
    private boolean sorted;

    private static long of(String path) {
        return ByteBuffer.wrap(Digests.sha256(path.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    void add(String path) {
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        hashes[count++] = of(path);
        sorted = false;
    }

    boolean contains(String path) {
        sort();
        return Arrays.binarySearch(hashes, 0, count, of(path)) >= 0;
    }

    /** Counts the paths down as they come again. */
    Countdown countdown() {
        sort();
        return new Countdown();
    }

    /** Tells the last time from those before. */
    final class Countdown {
        private final int[] passed = new int[count];

        /**
         * Passes a path.
         *
         * @return whether it has come as often as it was added
         */
        boolean isLast(String path) {
            long hash = of(path);
            int first = Arrays.binarySearch(hashes, 0, count, hash);
            while (first > 0 && hashes[first - 1] == hash) {
                first--;
            }
            passed[first]++;
            int next = first + passed[first];
            return next == count || hashes[next] != hash;
        }
    }

    private void sort() {
        if (!sorted) {
            Arrays.sort(hashes, 0, count);
            sorted = true;
        }
    }
}
