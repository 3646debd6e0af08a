package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.OpusHead;
import dev.decant.audio.SampleFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelMixTest {
    @ParameterizedTest
    @CsvSource({"1, 3", "1, 4", "1, 5", "1, 6", "1, 7", "1, 8", "2, 4", "2, 6", "2, 9", "2, 11", "2, 16"})
    void mixesByThePrintedFigures(int family, int channels) {
        int[] mapping = new int[channels];
        for (int i = 0; i < channels; i++) {
            mapping[i] = i;
        }
        OpusHead head = TestLayouts.head(family, channels, channels, 0, mapping);
        Random random = new Random(channels);
        ByteBuffer whole = little(200 * channels * 2);
        ByteBuffer floats = little(200 * channels * 4);
        for (int i = 0; i < 200 * channels; i++) {
            whole.putShort((short) random.nextInt());
            floats.putFloat(2 * random.nextFloat() - 1);
        }
        for (int outputs = 1; outputs <= 2; outputs++) {
            ChannelMix mix = ChannelMix.of(TestLayouts.of(head, outputs));
            for (SampleFormat format : SampleFormat.values()) {
                ByteBuffer decoded = format == SampleFormat.S16LE ? whole : floats;
                byte[] mixed = new byte[200 * outputs * format.bytes()];
                mix.copy(decoded, 0, format, mixed);
                ReferenceMix.assertMixed(head, outputs, decoded.array(), format, mixed);
            }
        }
    }

    /** The mean of two: exact, so that halves show how it is rounded. */
    @ParameterizedTest
    @CsvSource({
        "1, 2, 2",
        "0, 1, 0",
        "-1, -2, -2",
        "0, -1, 0",
        "3, 4, 4",
        "32767, 32767, 32767",
        "-32768, -32768, -32768"
    })
    void halvesAreRoundedToEven(int left, int right, int mean) {
        ChannelMix mix = ChannelMix.of(TestLayouts.of(TestLayouts.head(1, 2, 2, 0, 0, 1), 1));
        byte[] mixed = new byte[2];

        mix.copy(
                little(8)
                        .putShort((short) 0)
                        .putShort((short) 0)
                        .putShort((short) left)
                        .putShort((short) right),
                1,
                SampleFormat.S16LE,
                mixed);

        assertThat(little(mixed).getShort(0)).isEqualTo((short) mean);
        mix.copy(new short[] {0, 0, (short) left, (short) right}, 1, mixed);
        assertThat(little(mixed).getShort(0)).isEqualTo((short) mean);
    }

    @Test
    void floatsAreNotClamped() {
        ChannelMix mix = ChannelMix.of(TestLayouts.of(TestLayouts.head(1, 2, 2, 0, 0, 1), 1));
        ByteBuffer loud = little(8).putFloat(3).putFloat(2);
        byte[] f32 = new byte[4];
        byte[] s24 = new byte[3];

        mix.copy(loud, 0, SampleFormat.F32LE, f32);
        mix.copy(loud, 0, SampleFormat.S24LE, s24);

        assertThat(little(f32).getFloat(0)).isEqualTo(2.5f);
        assertThat(s24).containsExactly(0xFF, 0xFF, 0x7F);
    }

    @Test
    void monoOnTwoSpeakersIsOnBoth() {
        ChannelMix mix = ChannelMix.of(TestLayouts.of(TestLayouts.head(1, 1, 1, 1, 0), 2));
        byte[] mixed = new byte[4];

        mix.copy(little(2).putShort((short) 1_000), 0, SampleFormat.S16LE, mixed);

        assertThat(little(mixed).getShort(0))
                .isEqualTo((short) 1_000)
                .isEqualTo(little(mixed).getShort(2));
    }

    /** What libopus does before it mixes, for the engine that does not. */
    @Test
    void aDemixingMatrixIsColumnByColumn() {
        byte[] halfOfTheSecondInTheFirst = {0, 0, 0, 0, 0, 0x40, 0, 0};
        ChannelLayout layout = new ChannelLayout(3, 2, 0, new byte[0], halfOfTheSecondInTheFirst, 2, 2);
        byte[] mixed = new byte[4];

        ChannelMix.demixing(layout).copy(new short[] {1_000, 2_000}, 0, mixed);

        assertThat(little(mixed).getShort(0)).isEqualTo((short) 1_000);
        assertThat(little(mixed).getShort(2)).isZero();
    }

    private static ByteBuffer little(int bytes) {
        return little(new byte[bytes]);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
