package dev.decant.fuzz;

import java.util.SplittableRandom;

/**
 * Damages real packets. A seed and an index give one packet, whatever was asked for before, so that any packet of a run
 * can be had again alone.
 */
public final class PacketMutator {
    /** The longest are rare: one takes as much time as a hundred others. */
    private static final int LONGEST_ONE_IN = 400;

    private static final Mutation[] USUAL = {
        Mutation.BIT_FLIPS,
        Mutation.BIT_FLIPS,
        Mutation.TRUNCATED,
        Mutation.EXTENDED,
        Mutation.TOC_SWAPPED,
        Mutation.TOC_SWAPPED,
        Mutation.FRAMES_SPLICED,
        Mutation.BYTES_SPLICED,
        Mutation.REPACKED,
        Mutation.MANY_FRAMES,
        Mutation.HOSTILE_FRAME_COUNT,
        Mutation.HOSTILE_LENGTHS,
        Mutation.HOSTILE_PADDING,
        Mutation.RANDOM_FRAMES,
        Mutation.RANDOM_FRAMES,
        Mutation.RANDOM_BYTES,
        Mutation.CONSTANT_FRAMES,
        Mutation.SHORTEST
    };

    private final long seed;
    private final SeedPackets seeds;

    public PacketMutator(long seed, SeedPackets seeds) {
        this.seed = seed;
        this.seeds = seeds;
    }

    /** The packet of an index: one of the seeds, mutated. */
    public MutatedPacket packet(long index) {
        SplittableRandom random = Indexed.random(seed, index);
        return mutated(seeds.any(random), random);
    }

    /** Another packet, mutated as the index says. */
    public MutatedPacket mutate(byte[] packet, long index) {
        return mutated(packet, Indexed.random(seed, index));
    }

    private MutatedPacket mutated(byte[] packet, SplittableRandom random) {
        Mutation mutation =
                random.nextInt(LONGEST_ONE_IN) == 0 ? Mutation.LONGEST : USUAL[random.nextInt(USUAL.length)];
        byte[] bytes = mutation.apply(packet, random, seeds);
        // Some are damaged once more: what one check lets pass is what the next one has to find.
        while (bytes.length > 0 && bytes.length < 5_000 && random.nextInt(6) == 0) {
            mutation = USUAL[random.nextInt(USUAL.length)];
            bytes = mutation.apply(bytes, random, seeds);
        }
        return new MutatedPacket(bytes, mutation);
    }
}
