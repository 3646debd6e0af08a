package dev.decant.opus;

/**
 * Which words of a decoder's state are addresses of its library.
 *
 * @param stateBytes of a decoder
 * @param addresses the aligned words of 8 bytes that are addresses in the library, or null; ascending
 */
record PointerMap(int stateBytes, int[] addresses) {
    /** The number of words of a state; the last may reach beyond its end. */
    int words() {
        return (stateBytes + Long.BYTES - 1) / Long.BYTES;
    }
}
