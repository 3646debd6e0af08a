package dev.decant.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OggChecksumTest {
    @Test
    void theDigitsHaveTheirCheckValue() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);

        // CRC-32/MPEG-2 of these is 0x0376E6E7 (catalogue of parametrised CRCs), which differs in the start only.
        assertThat(OggChecksum.update(-1, digits, 0, 9)).isEqualTo(0x0376_E6E7);
    }

    @Test
    void anyStretchOfAnyBytesIsDividedByThePolynomial() {
        byte[] bytes = new byte[100];
        new Random(1).nextBytes(bytes);
        for (int from = 0; from < 10; from++) {
            for (int to = from; to <= bytes.length; to++) {
                assertThat(OggChecksum.update(0x1234_5678, bytes, from, to))
                        .as("bytes %s to %s", from, to)
                        .isEqualTo(bitByBit(0x1234_5678, bytes, from, to));
            }
        }
    }

    @Test
    void zerosNeedNoArray() {
        assertThat(OggChecksum.updateZeros(77, 4)).isEqualTo(OggChecksum.update(77, new byte[4], 0, 4));
    }

    private static int bitByBit(int checksum, byte[] bytes, int from, int to) {
        int remainder = checksum;
        for (int bit = 8 * from; bit < 8 * to; bit++) {
            int next = bytes[bit / 8] >> 7 - bit % 8 & 1;
            boolean carries = remainder >>> 31 != next;
            remainder = remainder << 1 ^ (carries ? 0x04C1_1DB7 : 0);
        }
        return remainder;
    }
}
