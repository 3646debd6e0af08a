package dev.decant.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpusHeadTest {
    /** "OpusHead". */
    private static final String MAGIC = "4f70757348656164";

    @ParameterizedTest
    @CsvSource({
        // mono, stereo: version, channels, pre-skip 312, 48000 Hz, gain -2.5 dB, family 0
        "01 01 3801 80bb0000 80fd 00, 1, 0, 1, 0, '0'",
        "01 02 3801 80bb0000 80fd 00, 2, 0, 1, 1, '0 1'",
        // family 1: 5.1 of four streams, two of them coupled
        "01 06 3801 80bb0000 80fd 01 04 02 000401020305, 6, 1, 4, 2, '0 4 1 2 3 5'",
        // family 1: mono, stereo
        "01 01 3801 80bb0000 80fd 01 01 00 00, 1, 1, 1, 0, '0'",
        // family 2: first-order ambisonics
        "01 04 3801 80bb0000 80fd 02 04 00 00010203, 4, 2, 4, 0, '0 1 2 3'",
        // family 255: a silent channel
        "01 03 3801 80bb0000 80fd ff 02 00 00ff01, 3, 255, 2, 0, '0 255 1'",
        // a family that is not known yet is read as 255
        "01 01 3801 80bb0000 80fd 09 01 00 00, 1, 9, 1, 0, '0'",
        // a later minor version
        "0f 01 3801 80bb0000 80fd 00, 1, 0, 1, 0, '0'",
    })
    void aHeaderIsReadAndWrittenByteForByte(
            String hex, int channels, int family, int streams, int coupled, String mapping) {
        byte[] packet = bytes(MAGIC + hex);

        OpusHead head = OpusHead.parse(packet);

        assertThat(head.channels()).isEqualTo(channels);
        assertThat(head.preSkip()).isEqualTo(312);
        assertThat(head.inputSampleRate()).isEqualTo(48_000);
        assertThat(head.outputGain()).isEqualTo(-640);
        assertThat(head.mappingFamily()).isEqualTo(family);
        assertThat(head.streamCount()).isEqualTo(streams);
        assertThat(head.coupledCount()).isEqualTo(coupled);
        assertThat(unsigned(head.mapping()))
                .containsExactly(Arrays.stream(mapping.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray());
        assertThat(head.demixingMatrix()).isEmpty();
        assertThat(head.toBytes()).isEqualTo(packet);
        assertThat(OpusHead.parse(head.toBytes())).isEqualTo(head).hasSameHashCodeAs(head);
    }

    @Test
    void aDemixingMatrixTakesThePlaceOfTheMapping() {
        String matrix = "ff7f0000" + "0000ff7f" + "01800200";
        byte[] packet = bytes(MAGIC + "01 02 3801 80bb0000 0000 03 02 01" + matrix);

        OpusHead head = OpusHead.parse(packet);

        assertThat(head.mapping()).isEmpty();
        assertThat(head.demixingMatrix()).isEqualTo(bytes(matrix));
        assertThat(head.toBytes()).isEqualTo(packet);
    }

    @Test
    void theLargestNumbersAreUnsignedOrSignedAsTheRfcSays() {
        OpusHead head = OpusHead.parse(bytes(MAGIC + "01 01 ffff ffffffff 0080 00"));

        assertThat(head.preSkip()).isEqualTo(65_535);
        assertThat(head.inputSampleRate()).isEqualTo(4_294_967_295L);
        assertThat(head.outputGain()).isEqualTo(-32_768);
    }

    @Test
    void bytesAfterTheEndArePassedOver() {
        assertThat(OpusHead.parse(bytes(MAGIC + "01 01 3801 00000000 0000 00 aabbcc")))
                .isEqualTo(OpusHead.of(1, 312, 0));
        assertThat(OpusHead.parse(bytes(MAGIC + "01 01 3801 00000000 0000 ff 01 00 00 aabbcc"))
                        .toBytes())
                .hasSize(22);
    }

    @Test
    void headersDifferInWhateverTheySay() {
        OpusHead head = OpusHead.of(2, 312, 0);

        assertThat(head).isEqualTo(OpusHead.of(2, 312, 0));
        assertThat(head).isNotEqualTo(OpusHead.of(1, 312, 0));
        assertThat(head).isNotEqualTo(OpusHead.of(2, 313, 0));
        assertThat(head).isNotEqualTo(OpusHead.of(2, 312, 1));
        assertThat(head).isNotEqualTo(new OpusHead(1, 2, 312, 8_000, 0, 0, 1, 1, new byte[] {0, 1}, new byte[0]));
        assertThat(head).isNotEqualTo(new OpusHead(2, 2, 312, 0, 0, 0, 1, 1, new byte[] {0, 1}, new byte[0]));
        assertThat(new OpusHead(1, 2, 312, 0, 0, 255, 2, 0, new byte[] {0, 1}, new byte[0]))
                .isNotEqualTo(new OpusHead(1, 2, 312, 0, 0, 255, 2, 0, new byte[] {1, 0}, new byte[0]))
                .isNotEqualTo(head);
    }

    @ParameterizedTest
    @CsvSource({
        "'', the first 8 bytes are not \"OpusHead\"",
        "4f707573, the first 8 bytes are not \"OpusHead\"",
        "4f70757354616773 01 01 3801 00000000 0000 00, the first 8 bytes are not \"OpusHead\"",
        MAGIC + ", OpusHead of 8 bytes: at least 19",
        MAGIC + "01 01 3801 00000000 0000, OpusHead of 18 bytes: at least 19",
        MAGIC + "10 01 3801 00000000 0000 00, OpusHead of version 16: only versions 0 to 15",
        MAGIC + "01 00 3801 00000000 0000 00, OpusHead with 0 channels",
        MAGIC + "01 03 3801 00000000 0000 00, mapping family 0 and 3 channels: at most 2",
        MAGIC + "01 09 3801 00000000 0000 01 09 00 000102030405060708, mapping family 1 and 9 channels: at most 8",
        MAGIC + "01 01 3801 00000000 0000 01, ends before its channel mapping",
        MAGIC + "01 01 3801 00000000 0000 01 01, ends before its channel mapping",
        MAGIC + "01 02 3801 00000000 0000 01 01 01 00, OpusHead with 2 channels ends before its channel mapping",
        MAGIC + "01 ff 3801 00000000 0000 03 ff 00 0000, OpusHead with 255 channels ends before its channel mapping",
        MAGIC + "01 01 3801 00000000 0000 ff 00 00 00, OpusHead with 0 streams",
        MAGIC + "01 01 3801 00000000 0000 ff 01 02 00, OpusHead with 2 coupled of 1 streams",
        MAGIC + "01 01 3801 00000000 0000 ff ff 01 00, OpusHead with 256 decoded channels: at most 255",
        MAGIC + "01 02 3801 00000000 0000 ff 01 00 0001, OpusHead maps a channel to 1: only 1 are decoded",
    })
    void aHeaderThatBreaksARuleIsRefusedWithTheNumbers(String hex, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpusHead.parse(bytes(hex)))
                .withMessageContaining(message);
    }

    @Test
    void aHeaderThatNoPacketCouldHoldCannotBeBuilt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpusHead.of(3, 0, 0))
                .withMessageContaining("3 channels: at most 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpusHead.of(0, 0, 0))
                .withMessageContaining("0 channels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpusHead.of(2, 65_536, 0))
                .withMessageContaining("65536");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpusHead.of(2, 0, 32_768))
                .withMessageContaining("32768");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpusHead(1, 2, 0, 0, 0, 255, 2, 0, new byte[1], new byte[0]))
                .withMessageContaining("maps 1 channels and has 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpusHead(1, 1, 0, 0, 0, 255, 1, 0, new byte[1], new byte[2]))
                .withMessageContaining("demixing matrix of 2 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpusHead(1, 2, 0, 0, 0, 0, 2, 0, new byte[] {0, 1}, new byte[0]))
                .withMessageContaining("mapping family 0, 2 streams");
    }

    @Test
    void hostileBytesGiveAHeaderOrAClearRefusalNothingElse() {
        Random random = new Random(7845);
        byte[] magic = bytes(MAGIC);
        int read = 0;
        for (int round = 0; round < 100_000; round++) {
            byte[] packet = new byte[random.nextInt(60)];
            random.nextBytes(packet);
            System.arraycopy(magic, 0, packet, 0, Math.min(magic.length, packet.length));
            if (packet.length > 9) {
                packet[8] &= 0x0F;
                packet[9] &= 0x03;
            }
            try {
                OpusHead head = OpusHead.parse(packet);
                assertThat(OpusHead.parse(head.toBytes())).isEqualTo(head);
                read++;
            } catch (IllegalArgumentException refusal) {
                assertThat(refusal).hasMessageContaining("OpusHead");
            }
        }
        assertThat(read).isGreaterThan(100);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static int[] unsigned(byte[] bytes) {
        int[] values = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i] & 0xFF;
        }
        return values;
    }
}
