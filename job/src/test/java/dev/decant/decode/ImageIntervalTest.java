package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImageIntervalTest {
    private final ImageInterval interval = new ImageInterval(100);

    @Test
    void isTheLongestWhileNothingIsLetGo() {
        interval.recordImageNanos(20_000);
        interval.recordDecodeNanos(40_000);
        run(100_000, 0);

        assertThat(interval.steps()).isEqualTo(100);
    }

    @Test
    void isTheLongestAsLongAsNoCostIsKnown() {
        run(10_240, 1);

        assertThat(interval.steps()).isEqualTo(100);
    }

    /** √(2 · 20 µs / (p · 40 µs)). */
    @Test
    void isTheCheapestForTheRateOfReturns() {
        interval.recordImageNanos(20_000);
        interval.recordDecodeNanos(40_000);

        run(20_480, 64);
        assertThat(interval.steps()).isEqualTo(8);

        run(20_480, 1_024);
        assertThat(interval.steps()).isEqualTo(32);

        run(20_480, 1);
        assertThat(interval.steps()).isEqualTo(1);
    }

    @Test
    void isNeverBelowOne() {
        interval.recordImageNanos(1);
        interval.recordDecodeNanos(1_000_000);
        run(20_480, 1);

        assertThat(interval.steps()).isEqualTo(1);
    }

    @Test
    void forgetsABurstOfReturns() {
        interval.recordImageNanos(20_000);
        interval.recordDecodeNanos(40_000);
        run(1_024, 1);
        assertThat(interval.steps()).isLessThan(5);

        run(20_480, 0);

        assertThat(interval.steps()).isEqualTo(100);
    }

    /** Runs steps, of which one in {@code oneIn} finds no decoder; none with 0. */
    private void run(int steps, int oneIn) {
        for (int i = 0; i < steps; i++) {
            interval.recordStep(oneIn > 0 && i % oneIn == 0);
        }
    }
}
