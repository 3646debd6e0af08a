package dev.decant.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The paths of any number of recordings, as 64 bits of the SHA-256 of each: 8 bytes, and no object. That any of a million
 * paths is taken for one of a million others has a probability of 5 × 10<sup>-8</sup>.
 */
final class PathHashes {
    private long[] hashes = new long[1_024];
    private int count;
    private boolean sorted;

    /** The hash of a path. */
    static long of(String path) {
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

    /** The hashes that were added more than once. */
    Set<Long> repeated() {
        sort();
        Set<Long> repeated = new HashSet<>();
        for (int i = 1; i < count; i++) {
            if (hashes[i] == hashes[i - 1]) {
                repeated.add(hashes[i]);
            }
        }
        return repeated;
    }

    private void sort() {
        if (!sorted) {
            Arrays.sort(hashes, 0, count);
            sorted = true;
        }
    }
}
