package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.fuzz.Scenario;
import dev.decant.fuzz.Tally;
import org.junit.jupiter.api.Test;

/**
 * The long form of {@link FuzzTest}, which the profile {@code chaos} runs: by default ten million packets, other ones each
 * time. The options that it prints give the same packets again; a first index and a thousand packets give one scenario of them.
 */
class FuzzChaos {
    private static final String SEED = "decant.fuzz.seed";
    private static final String FIRST = "decant.fuzz.first";
    private static final String PACKETS = "decant.fuzz.packets";

    @Test
    void everyOneOfMillionsOfHostilePacketsIsAccountedFor() throws Exception {
        long seed = Long.getLong(SEED, System.nanoTime());
        long first = Long.getLong(FIRST, 0);
        long packets = Long.getLong(PACKETS, 10_000_000);
        System.out.printf("-D%s=%d -D%s=%d -D%s=%d%n", SEED, seed, FIRST, first, PACKETS, packets);

        Tally tally = new Fuzzing(seed, first, packets).run();

        assertThat(tally.sum("records")).isGreaterThanOrEqualTo(packets).isLessThan(packets + Scenario.PACKETS);
    }
}
