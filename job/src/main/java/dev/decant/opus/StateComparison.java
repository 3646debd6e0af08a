package dev.decant.opus;

import java.util.BitSet;
import java.util.Optional;

/**
 * Finds the addresses of a library in the states of its decoders. Two decoders that are told the same have the same
 * state, word by word, but for addresses: if one is of the library and the other of a copy of it, a word that points
 * into the library differs by as much as the two lie apart.
 */
final class StateComparison {
    private final LibraryRange library;
    /** From the library to its copy, bytes. */
    private final long distance;

    private final BitSet addresses = new BitSet();
    private final BitSet others = new BitSet();

    StateComparison(LibraryRange library, LibraryRange copy) {
        this.library = library;
        distance = copy.start() - library.start();
    }

    /**
     * @param original the state of a decoder of the library, aligned words of 8 bytes
     * @param copied of a decoder of the copy
     * @throws NoImagesException if a word differs for no reason that is known
     */
    void compare(long[] original, long[] copied) throws NoImagesException {
        for (int i = 0; i < original.length; i++) {
            if (original[i] == copied[i]) {
                if (original[i] != 0) {
                    others.set(i);
                }
            } else if (copied[i] - original[i] == distance && library.contains(original[i])) {
                addresses.set(i);
            } else {
                throw new NoImagesException("word " + i + " of two decoders that were told the same is "
                        + Long.toHexString(original[i]) + " in one and " + Long.toHexString(copied[i])
                        + " in the other, which is no address of the library");
            }
        }
    }

    /**
     * The words that hold addresses, or null, in every state that was compared.
     *
     * @throws NoImagesException if one of them held something else at times
     */
    int[] addresses() throws NoImagesException {
        if (addresses.intersects(others)) {
            BitSet both = (BitSet) addresses.clone();
            both.and(others);
            throw new NoImagesException("words " + both + " are addresses at times, and something else at others");
        }
        return addresses.stream().toArray();
    }

    /**
     * @param known words of which each is an address, or null
     * @throws NoImagesException if other words were addresses, or some of these were something else
     */
    void requireAddressesAmong(int[] known) throws NoImagesException {
        BitSet expected = new BitSet();
        for (int word : known) {
            expected.set(word);
        }
        BitSet unexpected = (BitSet) addresses.clone();
        unexpected.andNot(expected);
        expected.and(others);
        if (addresses.isEmpty() || !unexpected.isEmpty() || !expected.isEmpty()) {
            throw new NoImagesException("the addresses in a decoder of several streams are not those of its streams:"
                    + " words " + unexpected + " are addresses besides, and words " + expected + " are none");
        }
    }

    /**
     * A library that leaves its work to another one has addresses of that one in its states, which are the same in both.
     *
     * @throws NoImagesException if a word that is not known to be an address points into any library
     */
    void requireNoOtherAddress(long[] original, FileMappings mappings) throws NoImagesException {
        for (int i = 0; i < original.length; i++) {
            Optional<String> file = mappings.libraryAt(original[i]);
            if (!addresses.get(i) && file.isPresent()) {
                throw new NoImagesException("word " + i + " of a decoder points into another file: " + file.get());
            }
        }
    }
}
