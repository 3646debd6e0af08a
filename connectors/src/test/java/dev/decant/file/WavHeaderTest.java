package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WavHeaderTest {
    private static final long LARGEST_DATA = 0xFFFF_FFFFL - 36;

    @Test
    void sixteenBitStereoHasThePlainestHeader() {
        byte[] header = WavHeader.of(new PcmFormat(SampleFormat.S16LE, 48_000, 2), 1_000);

        assertThat(hex(header))
                .isEqualTo(joined(
                        "52494646 C40F0000 57415645", // 36 + 4000 bytes follow
                        "666D7420 10000000 0100 0200 80BB0000 00EE0200 0400 1000",
                        "64617461 A00F0000"));
    }

    @Test
    void floatSaysHowManySamplesItHas() {
        byte[] header = WavHeader.of(new PcmFormat(SampleFormat.F32LE, 16_000, 1), 5);

        assertThat(hex(header))
                .isEqualTo(joined(
                        "52494646 46000000 57415645",
                        "666D7420 12000000 0300 0100 803E0000 00FA0000 0400 2000 0000",
                        "66616374 04000000 05000000",
                        "64617461 14000000"));
    }

    @Test
    void twentyFourBitIsExtensibleAndPadded() {
        byte[] header = WavHeader.of(new PcmFormat(SampleFormat.S24LE, 8_000, 1), 3);

        assertThat(WavHeader.padding(9)).isEqualTo(1);
        assertThat(WavHeader.padding(8)).isZero();
        assertThat(hex(header))
                .isEqualTo(joined(
                        "52494646 46000000 57415645", // 60 of header, 9 of data, 1 of padding
                        "666D7420 28000000 FEFF 0100 401F0000 C05D0000 0300 1800",
                        "1600 1800 04000000 0100000000001000800000AA00389B71",
                        "64617461 09000000"));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 04000000",
        "2, 03000000",
        "3, 07000000",
        "4, 33000000",
        "5, 37000000",
        "6, 3f000000",
        "7, 0f070000",
        "8, 3f060000"
    })
    void channelsOfSpeakersNameThem(int channels, String mask) {
        PcmFormat format = new PcmFormat(SampleFormat.S24LE, 48_000, channels, ChannelOrder.SPEAKERS);

        assertThat(HexFormat.of().formatHex(WavHeader.of(format, 1), 40, 44)).isEqualTo(mask);
    }

    /** The tables of RFC 7845, section 5.1.1.2 and of the mask, side by side. */
    @ParameterizedTest
    @CsvSource({
        "1, 0",
        "2, 0 1",
        "3, 0 2 1",
        "4, 0 1 2 3",
        "5, 0 2 1 3 4",
        "6, 0 2 1 5 3 4",
        "7, 0 2 1 6 5 3 4",
        "8, 0 2 1 7 5 6 3 4"
    })
    void samplesStandInTheOrderOfTheMask(int channels, String sources) {
        PcmFormat format = new PcmFormat(SampleFormat.S24LE, 48_000, channels, ChannelOrder.SPEAKERS);
        byte[] opus = new byte[1 + 2 * format.bytesPerSample()];
        for (int i = 0; i < opus.length; i++) {
            opus[i] = (byte) i;
        }
        byte[] wave = new byte[opus.length];

        WaveOrder.of(format).copy(opus, 1, wave, 1, 2, 3);

        String[] source = sources.split(" ");
        for (int sample = 0; sample < 2; sample++) {
            for (int channel = 0; channel < channels; channel++) {
                for (int i = 0; i < 3; i++) {
                    int from = 3 * Integer.parseInt(source[channel]) + i;
                    assertThat(wave[1 + sample * format.bytesPerSample() + 3 * channel + i])
                            .isEqualTo(opus[1 + sample * format.bytesPerSample() + from]);
                }
            }
        }
        assertThat(WaveOrder.of(format).changes())
                .isEqualTo(!Arrays.equals(wave, 1, wave.length, opus, 1, opus.length));
    }

    @Test
    void channelsOfNoSpeakersNameNone() {
        byte[] header = WavHeader.of(new PcmFormat(SampleFormat.S16LE, 48_000, 6), 1);

        assertThat(hex(header)).contains("FEFF0600").hasSize(2 * 68);
        assertThat(HexFormat.of().formatHex(header, 40, 44)).isEqualTo("00000000");
    }

    @Test
    void staysPlainUpToTheLastSizeThatFits() {
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 8_000, 1);

        assertThat(new String(WavHeader.of(format, LARGEST_DATA / 2), 0, 4)).isEqualTo("RIFF");
        assertThat(new String(WavHeader.of(format, LARGEST_DATA / 2 + 1), 0, 4)).isEqualTo("RF64");
    }

    @Test
    void beyondFourGibibytesTheSizesStandInDs64() {
        long samples = 3_000_000_000L;
        byte[] header = WavHeader.of(new PcmFormat(SampleFormat.S16LE, 48_000, 1), samples);

        assertThat(hex(header))
                .isEqualTo(joined(
                        "52463634 FFFFFFFF 57415645",
                        "64733634 1C000000 48BCA06501000000 00BCA06501000000 005ED0B200000000 00000000",
                        "666D7420 10000000 0100 0100 80BB0000 00770100 0200 1000",
                        "64617461 FFFFFFFF"));
    }

    @ParameterizedTest
    @CsvSource({"S16LE,8000,1", "S16LE,48000,2", "S24LE,24000,2", "S24LE,16000,1", "F32LE,48000,2", "F32LE,12000,1"})
    void isWhatJavaReads(SampleFormat sampleFormat, int rate, int channels) throws Exception {
        PcmFormat format = new PcmFormat(sampleFormat, rate, channels);
        byte[] samples = new byte[11 * format.bytesPerSample()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i + 1);
        }
        byte[] header = WavHeader.of(format, 11);
        byte[] file = new byte[header.length + samples.length + WavHeader.padding(samples.length)];
        System.arraycopy(header, 0, file, 0, header.length);
        System.arraycopy(samples, 0, file, header.length, samples.length);

        try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(file))) {
            assertThat(in.getFormat().getSampleRate()).isEqualTo(rate);
            assertThat(in.getFormat().getChannels()).isEqualTo(channels);
            assertThat(in.getFormat().getFrameSize()).isEqualTo(format.bytesPerSample());
            assertThat(in.getFormat().isBigEndian()).isFalse();
            assertThat(in.getFormat().getEncoding())
                    .isEqualTo(
                            sampleFormat == SampleFormat.F32LE
                                    ? AudioFormat.Encoding.PCM_FLOAT
                                    : AudioFormat.Encoding.PCM_SIGNED);
            assertThat(in.getFrameLength()).isEqualTo(11);
            assertThat(in.readAllBytes()).isEqualTo(samples);
        }
    }

    private static String joined(String... parts) {
        return String.join("", parts).replace(" ", "");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }
}
