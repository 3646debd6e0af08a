package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The frames of RFC 9639, appendix D. */
class FlacChecksumTest {
    @ParameterizedTest
    @CsvSource({"FFF869180000, BF", "FFF86998000F, 99", "FFF869180102, A4"})
    void aHeadersChecksumIsThatOfTheSpecification(String header, String crc) {
        byte[] bytes = HexFormat.of().parseHex(header);

        assertThat(FlacChecksum.crc8(bytes, bytes.length)).isEqualTo(HexFormat.fromHexDigits(crc));
    }

    @Test
    void aFramesChecksumIsThatOfTheSpecification() {
        byte[] frame = HexFormat.of().parseHex("FFF869180000BF0358FD03128B");

        assertThat(FlacChecksum.crc16(frame, frame.length)).isEqualTo(0xAA9A);
    }
}
