package dev.decant.container;

import dev.decant.audio.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The names in a list, of which there may be any number: 16 bytes each, in a table with open addresses that is at least three
 * eighths and at most three quarters full. In these are 119 bits of the SHA-256 of the name without its ending, eight that
 * say which ending it has, so that names that differ in nothing else are found beside each other, and one that says whether
 * the name has been passed. Names are told apart by their hashes: that two of a billion are taken for one has a probability of
 * 10<sup>-18</sup>.
 */
final class ListedNames {
    private static final long PASSED = 1L << 8;
    private static final long ENDING = PASSED - 1;
    private static final long HASH = -(1L << 9);
    private static final int FIRST_SLOTS = 1 << 10;

    /** What an array can hold. */
    private static final int MOST_SLOTS = 1 << 29;

    private final MessageDigest digest = Digests.sha256();

    /** Two a slot; a slot whose first one is 0 is empty. */
    private long[] slots = new long[2 * FIRST_SLOTS];

    private long size;

    /** Adds a name, unless it is there already. */
    void add(String name) throws IOException {
        Key key = key(name);
        int at = find(key);
        if (slots[at] != 0) {
            return;
        }
        slots[at] = key.first;
        slots[at + 1] = key.second | key.ending;
        size++;
        if (4 * size > 3L * (slots.length / 2)) {
            grow();
        }
    }

    /** Passes a name that was added, and says whether this is the first time. */
    boolean pass(String name) {
        int at = find(key(name));
        boolean isFirst = (slots[at + 1] & PASSED) == 0;
        slots[at + 1] |= PASSED;
        return isFirst;
    }

    /** Whether a name would not be the only one without its ending: another one would be the same, or is called that. */
    boolean keepsEnding(String name) {
        Key key = key(name);
        int alike = 0;
        for (int at = start(key.first); slots[at] != 0; at = after(at)) {
            alike += slots[at] == key.first && (slots[at + 1] & HASH) == key.second ? 1 : 0;
        }
        return alike > 1 || key.ending != 0 && slots[find(key(OutputNames.stem(name)))] != 0;
    }

    /** How many different names there are. */
    long size() {
        return size;
    }

    /** What the table takes. */
    long bytes() {
        return (long) Long.BYTES * slots.length;
    }

    /** Where the name is, or the empty slot where it belongs. */
    private int find(Key key) {
        int at = start(key.first);
        while (slots[at] != 0 && !(slots[at] == key.first && (slots[at + 1] & ~PASSED) == (key.second | key.ending))) {
            at = after(at);
        }
        return at;
    }

    private int start(long first) {
        return (int) (first & (slots.length / 2 - 1)) * 2;
    }

    private int after(int at) {
        return at + 2 & slots.length - 1;
    }

    private void grow() throws IOException {
        if (slots.length / 2 >= MOST_SLOTS) {
            throw new IOException("the list has more than " + size + " names: part it");
        }
        long[] old = slots;
        slots = new long[2 * old.length];
        for (int from = 0; from < old.length; from += 2) {
            if (old[from] != 0) {
                int at = start(old[from]);
                while (slots[at] != 0) {
                    at = after(at);
                }
                slots[at] = old[from];
                slots[at + 1] = old[from + 1];
            }
        }
    }

    private Key key(String name) {
        int length = OutputNames.stemLength(name);
        ByteBuffer hash =
                ByteBuffer.wrap(digest.digest(name.substring(0, length).getBytes(StandardCharsets.UTF_8)));
        long first = hash.getLong();
        return new Key(first == 0 ? 1 : first, hash.getLong() & HASH, ending(name, length));
    }

    /** Four bits for the number of the ending, from 1, and four for those of its letters that are capitals; 0 for none. */
    private static long ending(String name, int stemLength) {
        if (stemLength == name.length()) {
            return 0;
        }
        long ending = OutputNames.ending(name) + 1;
        for (int i = stemLength + 1; i < stemLength + 5; i++) {
            boolean isCapital = i < name.length() && Character.isUpperCase(name.charAt(i));
            ending = 2 * ending + (isCapital ? 1 : 0);
        }
        return ending & ENDING;
    }

    private record Key(long first, long second, long ending) {}
}
