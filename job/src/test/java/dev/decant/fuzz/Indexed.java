package dev.decant.fuzz;

import java.util.SplittableRandom;

/** Random numbers that depend on where in a run they are drawn, and on nothing that was drawn before. */
public final class Indexed {
    private Indexed() {}

    /** The numbers of an index: other ones for its neighbours, and for another seed. */
    public static SplittableRandom random(long seed, long index) {
        return new SplittableRandom(new SplittableRandom(seed ^ index * 0x9E3779B97F4A7C15L).nextLong() ^ index);
    }
}
