package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.jflac.io.BitInputStream;
import org.jflac.util.ByteData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlacFrameHeaderTest {
    private static final PcmFormat STEREO = new PcmFormat(SampleFormat.S16LE, 48_000, 2);

    @Test
    void aWholeBlockIsNamedByItsSize() {
        assertThat(header(STEREO, 4096, 4096, FlacFrameHeader.MID_SIDE, 0)).startsWith("FFF8CAA800");
        assertThat(header(STEREO, 1024, 1024, 1, 0)).startsWith("FFF8AA1800");
    }

    @Test
    void aShorterBlockTellsItsSize() {
        assertThat(header(STEREO, 17, 4096, FlacFrameHeader.LEFT_SIDE, 5)).startsWith("FFF87A88050010");
    }

    @Test
    void aRateWithoutANumberOfItsOwnIsTold() {
        PcmFormat format = new PcmFormat(SampleFormat.S24LE, 12_000, 1);

        assertThat(header(format, 17, 1024, 0, 0)).startsWith("FFF87C0C0000100C");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 2047, 2048, 65_535, 65_536, (1 << 21) - 1, 1 << 21, (1 << 26) - 1, 1 << 26})
    void everyNumberOfAFrameIsReadBack(int number) throws Exception {
        byte[] header = bytes(STEREO, 4096, 4096, 1, number);
        BitInputStream in = new BitInputStream(new ByteArrayInputStream(header));
        in.skipBitsNoCRC(32);
        ByteData read = new ByteData(8);

        assertThat(in.readUTF8Int(read)).isEqualTo(number);
        assertThat(header).hasSize(4 + read.getLen() + 1);
    }

    private static String header(PcmFormat format, int count, int blockSize, int channelBits, int number) {
        return HexFormat.of().withUpperCase().formatHex(bytes(format, count, blockSize, channelBits, number));
    }

    private static byte[] bytes(PcmFormat format, int count, int blockSize, int channelBits, int number) {
        BitWriter out = new BitWriter(FlacFrameHeader.MAX_BYTES);
        FlacFrameHeader.write(format, count, blockSize, channelBits, number, out);
        return Arrays.copyOf(out.bytes(), out.length());
    }
}
