package dev.decant.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImageIntervalTest {
    private final ImageInterval interval = new ImageInterval(100);

    @Test
    void isTheLongestWhileNothingIsLetGo() {
        measure(20_000, 40_000);
        run(100_000, 0);

        assertThat(interval.steps()).isEqualTo(100);
    }

    /** Or streams that are shorter than the longest interval would never have an image. */
    @Test
    void isShortForManyReturnsEvenBeforeACostIsMeasured() {
        run(10_240, 1);

        assertThat(interval.steps()).isEqualTo(1);
    }

    /** √(2 · 20 µs / (p · 40 µs)). */
    @Test
    void isTheCheapestForTheRateOfReturns() {
        measure(20_000, 40_000);

        run(20_480, 64);
        assertThat(interval.steps()).isEqualTo(8);

        run(20_480, 1_024);
        assertThat(interval.steps()).isEqualTo(32);

        run(20_480, 1);
        assertThat(interval.steps()).isEqualTo(1);
    }

    @Test
    void isNeverBelowOne() {
        measure(1, 1_000_000);
        run(20_480, 1);

        assertThat(interval.steps()).isEqualTo(1);
    }

    @Test
    void forgetsABurstOfReturns() {
        measure(20_000, 40_000);
        run(1_024, 1);
        assertThat(interval.steps()).isLessThan(5);

        run(20_480, 0);

        assertThat(interval.steps()).isEqualTo(100);
    }

    /** A pause of the garbage collector in one of ten measurements. */
    @Test
    void isNotMovedByPauses() {
        measure(20_000, 40_000);
        for (int i = 0; i < 100; i++) {
            interval.recordImageNanos(i % 10 == 0 ? 100_000_000 : 20_000);
        }
        run(20_480, 1);

        assertThat(interval.steps()).isEqualTo(1);
    }

    private void measure(long imageNanos, long decodeNanos) {
        for (int i = 0; i < 400; i++) {
            interval.recordImageNanos(imageNanos);
            interval.recordDecodeNanos(decodeNanos);
        }
    }

    /** Runs steps, of which one in {@code oneIn} finds no decoder; none with 0. */
    private void run(int steps, int oneIn) {
        for (int i = 0; i < steps; i++) {
            interval.recordStep(oneIn > 0 && i % oneIn == 0);
        }
    }
}
