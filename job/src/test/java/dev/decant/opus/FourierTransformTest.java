package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FourierTransformTest {
    /** 10 ms at every rate that libopus decodes to. */
    @ParameterizedTest
    @ValueSource(ints = {480, 240, 160, 120, 80})
    void givesWhatTheDefinitionGives(int length) {
        Random random = new Random(length);
        double[] real = random.doubles(length, -1, 1).toArray();
        double[] imaginary = random.doubles(length, -1, 1).toArray();
        FourierTransform transform = new FourierTransform(length);
        for (int i = 0; i < length; i++) {
            transform.set(i, real[i], imaginary[i]);
        }
        transform.run();
        for (int bin = 0; bin < length; bin++) {
            double re = 0;
            double im = 0;
            for (int i = 0; i < length; i++) {
                double angle = 2 * Math.PI * bin * i / length;
                re += real[i] * Math.cos(angle) + imaginary[i] * Math.sin(angle);
                im += imaginary[i] * Math.cos(angle) - real[i] * Math.sin(angle);
            }
            assertThat(transform.real(bin)).as("real part of bin %d", bin).isCloseTo(re, within(1e-10));
            assertThat(transform.imaginary(bin))
                    .as("imaginary part of bin %d", bin)
                    .isCloseTo(im, within(1e-10));
        }
    }
}
