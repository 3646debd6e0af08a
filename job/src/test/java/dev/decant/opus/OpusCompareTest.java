package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpusCompareTest {
    /** Half a second. */
    private static final int TICKS = 24_000;

    private static final short[] SILENCE = new short[2 * TICKS];

    /** What {@code opus_compare} of libopus 1.6 says of the same samples, from the error that it prints to six digits. */
    @ParameterizedTest
    @CsvSource({
        "48000, 2, 87.804",
        "48000, 1, 82.174",
        "24000, 2, 25.049",
        "24000, 1, 13.741",
        "16000, 2, 2.388",
        "16000, 1, -3.513",
        "12000, 2, 11.523",
        "12000, 1, -25.863",
        "8000, 2, 20.187",
        "8000, 1, 1.751"
    })
    void givesTheFiguresOfTheOriginal(int rate, int channels, double quality) {
        assertThat(quality(noise(), channels, coarse(noise(), rate, channels), rate))
                .isCloseTo(quality, within(0.002));
    }

    @Test
    void theSameSamplesAreOfFullQuality() {
        assertThat(quality(noise(), 2, noise(), 48_000)).isEqualTo(100);
    }

    @Test
    void theBestOfSomeReferencesCounts() {
        byte[] silence = bytes(SILENCE);
        byte[] noise = bytes(noise());
        assertThat(new OpusCompare(List.of(silence), 2).quality(noise, 48_000)).isNegative();
        assertThat(new OpusCompare(List.of(silence, noise), 2).quality(noise, 48_000))
                .isEqualTo(100);
        assertThat(new OpusCompare(List.of(noise, silence), 2).quality(noise, 48_000))
                .isEqualTo(100);
    }

    @Test
    void monoIsComparedWithTheMeanOfBothChannels() {
        short[] stereo = noise();
        short[] mono = new short[TICKS];
        for (int i = 0; i < TICKS; i++) {
            mono[i] = (short) ((stereo[2 * i] + stereo[2 * i + 1]) / 2);
        }
        assertThat(quality(stereo, 1, mono, 48_000)).isCloseTo(100, within(0.1));
    }

    @Test
    void whatIsUpsideDownSoundsTheSame() {
        short[] output = noise();
        for (int i = 0; i < output.length; i++) {
            output[i] = (short) -output[i];
        }
        assertThat(quality(noise(), 2, output, 48_000)).isEqualTo(100);
    }

    @Test
    void channelsInTheWrongOrderFail() {
        short[] output = noise();
        for (int i = 0; i < output.length; i += 2) {
            short left = output[i];
            output[i] = output[i + 1];
            output[i + 1] = left;
        }
        assertThat(quality(noise(), 2, output, 48_000)).isNegative();
    }

    @Test
    void twiceTheLoudnessFails() {
        short[] output = noise();
        for (int i = 0; i < output.length; i++) {
            output[i] *= 2;
        }
        assertThat(quality(noise(), 2, output, 48_000)).isNegative();
    }

    @Test
    void whatIsTooFaintToBeHeardDoesNotCount() {
        assertThat(quality(SILENCE, 1, tone(48_000, 1_000, 1), 48_000)).isGreaterThan(80);
        assertThat(quality(SILENCE, 1, tone(48_000, 1_000, 30), 48_000)).isNegative();
    }

    /** Up to 300 Hz below half the rate, or to the last band that ends below it, or to 20 kHz. */
    @ParameterizedTest
    @CsvSource({
        "48000, 19500, 20300",
        "24000, 11500, 11900",
        "16000, 7500, 7900",
        "12000, 5400, 5800",
        "8000, 3500, 3900"
    })
    void hearsAsHighAsTheRateCanCarry(int rate, int heard, int unheard) {
        assertThat(quality(SILENCE, 1, tone(rate, heard, 200), rate)).isLessThan(50);
        assertThat(quality(SILENCE, 1, tone(rate, unheard, 20), rate)).isGreaterThan(99);
    }

    @Test
    void hearsLessWhereSilkAndCeltCross() {
        double atTheCross = quality(SILENCE, 1, tone(48_000, 8_000, 30), 48_000);
        assertThat(atTheCross).isGreaterThan(quality(SILENCE, 1, tone(48_000, 7_600, 30), 48_000) + 10);
        assertThat(atTheCross).isGreaterThan(quality(SILENCE, 1, tone(48_000, 8_400, 30), 48_000) + 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void refusesAnOutputOfAnotherLength(int more) {
        OpusCompare compare = new OpusCompare(List.of(bytes(SILENCE)), 1);
        assertThatThrownBy(() -> compare.quality(new byte[2 * (TICKS / 6 + more)], 8_000))
                .hasMessage("the output lasts " + (TICKS + 6 * more) + " ticks of 48 kHz, the reference 24000");
    }

    @Test
    void refusesAReferenceThatIsTooShort() {
        assertThatThrownBy(() -> new OpusCompare(List.of(new byte[4 * 479]), 2))
                .hasMessage("a reference of 479 samples: at least 480 are needed");
    }

    private static double quality(short[] reference, int channels, short[] output, int rate) {
        return new OpusCompare(List.of(bytes(reference)), channels).quality(bytes(output), rate);
    }

    /** Soft noise, another one on each side. It is made of whole numbers, so that it is the same wherever it is made. */
    private static short[] noise() {
        Random random = new Random(7);
        short[] noise = new short[2 * TICKS];
        int[] soft = new int[2];
        for (int i = 0; i < noise.length; i++) {
            soft[i % 2] += (random.nextInt(20_001) - 10_000 - soft[i % 2]) / 4;
            noise[i] = (short) soft[i % 2];
        }
        return noise;
    }

    /** What is left of a stereo signal if each sample is the mean of those it stands for, more or less. */
    private static short[] coarse(short[] stereo, int rate, int channels) {
        int ticksPerSample = 48_000 / rate;
        Random random = new Random(8);
        short[] coarse = new short[TICKS / ticksPerSample * channels];
        for (int i = 0; i < coarse.length; i++) {
            int first = 2 * ticksPerSample * (i / channels);
            int sum = 0;
            for (int at = first; at < first + 2 * ticksPerSample; at += 2) {
                sum += channels == 2 ? 2 * stereo[at + i % 2] : stereo[at] + stereo[at + 1];
            }
            coarse[i] = (short) (sum / (2 * ticksPerSample) + random.nextInt(201) - 100);
        }
        return coarse;
    }

    /** A mono sine. */
    private static short[] tone(int rate, int hertz, double amplitude) {
        short[] tone = new short[rate / 2];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (short) Math.round(amplitude * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return tone;
    }

    private static byte[] bytes(short[] samples) {
        ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(samples);
        return bytes.array();
    }
}
