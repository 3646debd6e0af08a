package dev.decant.opus;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Things that another process knows by their numbers. The number of one that was removed is given again. */
final class Numbered<T> {
    private final List<T> things = new ArrayList<>();
    private final BitSet taken = new BitSet();

    /** The number it has from now on. */
    int add(T thing) {
        int number = taken.nextClearBit(0);
        taken.set(number);
        if (number == things.size()) {
            things.add(thing);
        } else {
            things.set(number, thing);
        }
        return number;
    }

    /**
     * @throws IllegalStateException if nothing has that number
     */
    T get(int number) {
        if (number < 0 || !taken.get(number)) {
            throw new IllegalStateException("Nothing has the number " + number);
        }
        return things.get(number);
    }

    T remove(int number) {
        T thing = get(number);
        taken.clear(number);
        things.set(number, null);
        return thing;
    }
}
