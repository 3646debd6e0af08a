package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplesTest {
    private static final float STEP = 1f / (1 << 23);

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "-1, -1",
        "0.5, 0",
        "1.5, 2",
        "2.5, 2",
        "-0.5, 0",
        "-1.5, -2",
        "-2.5, -2",
        "8388606, 8388606",
        "8388607, 8388607",
        "8388608, 8388607",
        "16777216, 8388607",
        "-8388608, -8388608",
        "-8388610, -8388608",
        "Infinity, 8388607",
        "-Infinity, -8388608",
        "NaN, 0"
    })
    void s24IsRoundedToEvenAndClamped(float steps, int sample) {
        assertThat(Samples.s24(steps * STEP)).isEqualTo(sample);
    }

    @Test
    void s24IsThreeBytesWithTheLowestFirst() {
        ByteBuffer floats = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        floats.putFloat(4, 0x010203 * STEP).putFloat(8, -2 * STEP);
        byte[] pcm = new byte[6];
        Samples.toS24(floats, 1, pcm);
        assertThat(pcm).containsExactly(3, 2, 1, -2, -1, -1);
    }

    @Test
    void s16IsTwoBytesWithTheLowestFirst() {
        byte[] pcm = new byte[4];
        Samples.toS16(new short[] {0, 0x0102, -2}, 1, pcm);
        assertThat(pcm).containsExactly(2, 1, -2, -1);
    }
}
