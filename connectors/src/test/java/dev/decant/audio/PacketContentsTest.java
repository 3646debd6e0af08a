package dev.decant.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketContentsTest {
    private static final int STEREO = 4;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void framesOfAtMostOneByteAreDiscontinuousTransmission(int size) throws MalformedPacketException {
        assertThat(isDtx(1, bytes(9 << 3), zeros(size))).isEqualTo(size <= 1);
        assertThat(isDtx(1, bytes(9 << 3 | 1), zeros(2 * size))).isEqualTo(size <= 1);
        assertThat(isDtx(1, bytes(9 << 3 | 2, 0), zeros(size))).isEqualTo(size <= 1);
        assertThat(isDtx(1, bytes(9 << 3 | 3, 0x80 | 3, 1, 0), zeros(1 + size))).isEqualTo(size <= 1);
        assertThat(isDtx(1, bytes(9 << 3 | 3, 0x40 | 3, 5), zeros(3 * size + 5)))
                .isEqualTo(size <= 1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, true", "1, 1, true", "2, 1, false", "1, 2, false"})
    void ofSeveralStreamsAllMustSendNothing(int first, int last, boolean dtx) throws MalformedPacketException {
        assertThat(isDtx(2, bytes(9 << 3, first), zeros(first), bytes(9 << 3), zeros(last)))
                .isEqualTo(dtx);
        assertThat(isDtx(2, bytes(9 << 3 | 1, first), zeros(2 * first), bytes(9 << 3 | 2, 1), zeros(1 + last)))
                .isEqualTo(dtx);
    }

    /** The bit behind those for voice activity: one a 20 ms. */
    @ParameterizedTest
    @CsvSource({"0, 10", "1, 20", "2, 40", "3, 60"})
    void redundancyIsFlaggedBehindTheVoiceActivity(int config, int milliseconds) throws MalformedPacketException {
        int silkFrames = Math.max(1, milliseconds / 20);
        for (int bit = 0; bit < 8; bit++) {
            boolean mid = bit == 7 - silkFrames;
            boolean side = bit == 6 - 2 * silkFrames;
            assertThat(hasLbrr(1, bytes(config << 3, 1 << bit, 0))).isEqualTo(mid);
            assertThat(hasLbrr(1, bytes(config << 3 | STEREO, 1 << bit, 0))).isEqualTo(mid || side);
        }
    }

    @Test
    void hybridFramesAreLikeThoseOfSilkAndCeltHasNoRedundancy() throws MalformedPacketException {
        assertThat(hasLbrr(1, bytes(12 << 3, 0x40, 0))).isTrue();
        assertThat(hasLbrr(1, bytes(15 << 3, 0xBF, 0))).isFalse();
        assertThat(hasLbrr(1, bytes(31 << 3, 0xFF, 0xFF))).isFalse();
    }

    @Test
    void onlyTheFirstFrameSpeaksOfTheFrameBeforeThePacket() throws MalformedPacketException {
        assertThat(hasLbrr(1, bytes(1 << 3 | 1, 0x40, 0, 0, 0))).isTrue();
        assertThat(hasLbrr(1, bytes(1 << 3 | 1, 0, 0, 0x40, 0))).isFalse();
        assertThat(hasLbrr(1, bytes(1 << 3 | 2, 2, 0x40, 0, 0))).isTrue();
        assertThat(hasLbrr(1, bytes(1 << 3 | 3, 0xC2, 1, 2, 0x40, 0, 0, 0))).isTrue();
    }

    @Test
    void aFrameTooShortToBeDecodedCarriesNothing() throws MalformedPacketException {
        assertThat(hasLbrr(1, bytes(1 << 3, 0x40))).isFalse();
        assertThat(hasLbrr(1, bytes(1 << 3))).isFalse();
    }

    @Test
    void redundancyInAnyStreamCounts() throws MalformedPacketException {
        assertThat(hasLbrr(2, bytes(1 << 3, 2, 0x40, 0, 31 << 3, 1))).isTrue();
        assertThat(hasLbrr(2, bytes(31 << 3, 2, 0x40, 0, 1 << 3, 0x40, 0))).isTrue();
        assertThat(hasLbrr(2, bytes(1 << 3, 2, 0, 0, 1 << 3, 0, 0))).isFalse();
    }

    private static boolean isDtx(int streamCount, byte[]... parts) throws MalformedPacketException {
        byte[] packet = join(parts);
        PacketFraming.duration(packet, streamCount);
        return PacketContents.isDtx(packet, streamCount);
    }

    private static boolean hasLbrr(int streamCount, byte[] packet) throws MalformedPacketException {
        PacketFraming.duration(packet, streamCount);
        return PacketContents.hasLbrr(packet, streamCount);
    }

    private static byte[] zeros(int count) {
        return new byte[count];
    }

    private static byte[] bytes(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
