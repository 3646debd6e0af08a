package dev.decant.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.Toc.Bandwidth;
import dev.decant.audio.Toc.Mode;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TocTest {

    /** RFC 6716, table 2, row by row: first configuration, mode, bandwidth, frame lengths in 0.1 ms. */
    static Stream<Arguments> configurations() {
        return Stream.of(
                Arguments.of(0, Mode.SILK, Bandwidth.NARROWBAND, new int[] {100, 200, 400, 600}),
                Arguments.of(4, Mode.SILK, Bandwidth.MEDIUMBAND, new int[] {100, 200, 400, 600}),
                Arguments.of(8, Mode.SILK, Bandwidth.WIDEBAND, new int[] {100, 200, 400, 600}),
                Arguments.of(12, Mode.HYBRID, Bandwidth.SUPER_WIDEBAND, new int[] {100, 200}),
                Arguments.of(14, Mode.HYBRID, Bandwidth.FULLBAND, new int[] {100, 200}),
                Arguments.of(16, Mode.CELT, Bandwidth.NARROWBAND, new int[] {25, 50, 100, 200}),
                Arguments.of(20, Mode.CELT, Bandwidth.WIDEBAND, new int[] {25, 50, 100, 200}),
                Arguments.of(24, Mode.CELT, Bandwidth.SUPER_WIDEBAND, new int[] {25, 50, 100, 200}),
                Arguments.of(28, Mode.CELT, Bandwidth.FULLBAND, new int[] {25, 50, 100, 200}));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void everyFirstByteSaysWhatTheTableOfTheRfcSays(int first, Mode mode, Bandwidth bandwidth, int[] tenthsOfMs) {
        for (int i = 0; i < tenthsOfMs.length; i++) {
            for (int code = 0; code < 4; code++) {
                for (int stereo = 0; stereo < 2; stereo++) {
                    int octet = (first + i) << 3 | stereo << 2 | code;
                    assertThat(Toc.of((byte) octet))
                            .as("first byte %d", octet)
                            .isEqualTo(new Toc(first + i, mode, bandwidth, tenthsOfMs[i] * 48 / 10, stereo == 1, code));
                }
            }
        }
    }

    @Test
    void theTableHoldsEveryConfiguration() {
        int[] covered = configurations()
                .flatMapToInt(row -> {
                    int first = (int) row.get()[0];
                    return IntStream.range(first, first + ((int[]) row.get()[3]).length);
                })
                .toArray();

        assertThat(covered).containsExactly(IntStream.range(0, 32).toArray());
    }

    @Test
    void theSameByteGivesTheSameObject() {
        assertThat(Toc.of((byte) 0xFC)).isSameAs(Toc.of((byte) 0xFC));
    }

    @ParameterizedTest
    @CsvSource({
        "NARROWBAND,NB,4000",
        "MEDIUMBAND,MB,6000",
        "WIDEBAND,WB,8000",
        "SUPER_WIDEBAND,SWB,12000",
        "FULLBAND,FB,20000"
    })
    void bandwidthsHaveTheNamesAndEdgesOfTheRfc(Bandwidth bandwidth, String label, int hz) {
        assertThat(bandwidth.label()).isEqualTo(label);
        assertThat(bandwidth.hz()).isEqualTo(hz);
    }
}
