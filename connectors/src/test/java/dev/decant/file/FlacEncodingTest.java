package dev.decant.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.ChannelOrder;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jflac.Constants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlacEncodingTest {
    private static final PcmFormat MONO = new PcmFormat(SampleFormat.S16LE, 48_000, 1);
    private static final PcmFormat STEREO = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
    private static final int[] RATES = {8_000, 12_000, 16_000, 24_000, 48_000};

    @TempDir
    Path folder;

    static Stream<PcmFormat> formats() {
        return Stream.of(SampleFormat.S16LE, SampleFormat.S24LE)
                .flatMap(samples -> Arrays.stream(RATES).boxed().flatMap(rate -> IntStream.rangeClosed(1, 8)
                        .mapToObj(channels -> new PcmFormat(samples, rate, channels, ChannelOrder.SPEAKERS))));
    }

    /** Fewer of them, for programs that take their time to start: each number of channels, each rate. */
    static Stream<PcmFormat> someFormats() {
        return formats().filter(format -> format.rate() == RATES[format.channels() % RATES.length]);
    }

    static Stream<Arguments> signals() {
        return Stream.of(SampleFormat.S16LE, SampleFormat.S24LE).flatMap(samples -> IntStream.rangeClosed(1, 2)
                .mapToObj(channels -> new PcmFormat(samples, 48_000, channels))
                .flatMap(format -> Stream.of(
                        Arguments.of("silence", format, Signals.silence()),
                        Arguments.of("sines", format, Signals.sines()),
                        Arguments.of("a chord", format, Signals.chord()),
                        Arguments.of("full-scale square waves", format, Signals.square()),
                        Arguments.of("full-scale noise", format, Signals.noise()),
                        Arguments.of("clicks", format, Signals.clicks()),
                        Arguments.of("a voice", format, Signals.voice(48_000)))));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyFormatComesBackSampleForSample(PcmFormat format) throws Exception {
        int count = 2 * FlacFrame.blockSize(format.rate()) + 17;
        byte[] pcm = Signals.pcm(format, count, Signals.voice(format.rate()));

        byte[] file = encode(format, pcm);

        DecodedFlac decoded = DecodedFlac.of(file);
        assertThat(decoded.info().getSampleRate()).isEqualTo(format.rate());
        assertThat(decoded.info().getChannels()).isEqualTo(format.channels());
        assertThat(decoded.info().getBitsPerSample())
                .isEqualTo(8 * format.sampleFormat().bytes());
        assertThat(decoded.info().getTotalSamples()).isEqualTo(count);
        assertThat(decoded.frames()).extracting(header -> header.sampleRate).containsOnly(format.rate());
        assertThat(decoded.comment().getNumComments()).isZero();
        assertThat(decoded.pcm()).isEqualTo(pcm);
        assertThat(file).hasSizeLessThan(pcm.length);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("signals")
    void everySignalComesBackSampleForSample(String name, PcmFormat format, Signals.Signal signal) throws Exception {
        byte[] pcm = Signals.pcm(format, 20_000, signal);

        assertThat(DecodedFlac.of(encode(format, pcm)).pcm()).isEqualTo(pcm);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 12, 15, 16, 17, 63, 64, 65, 4095, 4096, 4097, 4098, 8191, 8192, 8193})
    void everyLengthComesBackSampleForSample(int count) throws Exception {
        byte[] pcm = Signals.pcm(STEREO, count, Signals.voice(48_000));

        DecodedFlac decoded = DecodedFlac.of(encode(STEREO, pcm));

        assertThat(decoded.info().getTotalSamples()).isEqualTo(count);
        assertThat(decoded.pcm()).isEqualTo(pcm);
    }

    /** Of such numbers a frame has each form of its number from one byte to three. */
    @Test
    void aLongFileComesBackSampleForSample() throws Exception {
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 8_000, 1);
        byte[] pcm = Signals.s16(3_000 * 1024 + 1, n -> n >> 8);

        DecodedFlac decoded = DecodedFlac.of(encode(format, pcm));

        assertThat(decoded.frames()).hasSize(3_001);
        assertThat(decoded.pcm()).isEqualTo(pcm);
    }

    @Test
    void whatCannotBeForetoldTakesNoMoreThanItsSamplesAndTheirHeaders() throws Exception {
        PcmFormat format = new PcmFormat(SampleFormat.S24LE, 48_000, 8, ChannelOrder.SPEAKERS);
        byte[] pcm = Signals.pcm(format, 4096, Signals.noise());

        assertThat(encode(format, pcm).length - pcm.length).isBetween(0, 100);
    }

    /** Noise of deviation σ has log2(σ √(2πe)) bits a sample, which no coder can spare; the tones have none. Twelve noisy samples foretell them worse than many. */
    @ParameterizedTest
    @CsvSource({"S16LE, 1", "S24LE, 1", "S16LE, 2", "S24LE, 2"})
    void aChordTakesLittleMoreThanItsNoise(SampleFormat sampleFormat, int channels) throws Exception {
        PcmFormat format = new PcmFormat(sampleFormat, 48_000, channels);
        int samples = 20 * 4096;
        byte[] pcm = Signals.pcm(format, samples, Signals.chord());
        double deviation = Signals.CHORD_NOISE * (1L << 8 * sampleFormat.bytes() - 1);
        double bits = Math.log(deviation * Math.sqrt(2 * Math.PI * Math.E)) / Math.log(2);

        double taken = 8.0 * encode(format, pcm).length / (samples * channels);

        assertThat(taken).isBetween(bits, bits + 0.6);
    }

    @Test
    void silenceTakesAByteOrTwoAChannelAndFrame() throws Exception {
        byte[] pcm = Signals.pcm(STEREO, 100 * 4096, Signals.silence());

        assertThat(encode(STEREO, pcm)).hasSizeLessThan(100 * 16 + 100);
    }

    /** The channel that both have in common and that which differs: what is quietest and what needs no difference. */
    @ParameterizedTest
    @CsvSource({
        "LEFT_AND_NOISE, " + Constants.CHANNEL_ASSIGNMENT_LEFT_SIDE,
        "NOISE_AND_RIGHT, " + Constants.CHANNEL_ASSIGNMENT_RIGHT_SIDE,
        "MID_AND_NOISE, " + Constants.CHANNEL_ASSIGNMENT_MID_SIDE,
        "APART, " + Constants.CHANNEL_ASSIGNMENT_INDEPENDENT
    })
    void twoChannelsAreWrittenInTheFormThatSuitsThem(Channels channels, int assignment) throws Exception {
        Random random = new Random(4);
        double[] noise = random.doubles(4096, -0.01, 0.01).toArray();
        byte[] pcm = Signals.pcm(STEREO, 4096, (channel, n) -> channels.at(channel, Math.sin(n * 0.02) / 2, noise[n]));

        DecodedFlac decoded = DecodedFlac.of(encode(STEREO, pcm));

        assertThat(decoded.frames())
                .extracting(header -> header.channelAssignment)
                .containsExactly(assignment);
        assertThat(decoded.pcm()).isEqualTo(pcm);
    }

    enum Channels {
        LEFT_AND_NOISE {
            @Override
            double at(int channel, double tone, double noise) {
                return channel == 0 ? tone : tone + noise;
            }
        },
        NOISE_AND_RIGHT {
            @Override
            double at(int channel, double tone, double noise) {
                return channel == 0 ? tone + noise : tone;
            }
        },
        MID_AND_NOISE {
            @Override
            double at(int channel, double tone, double noise) {
                return channel == 0 ? tone + noise : tone - noise;
            }
        },
        APART {
            @Override
            double at(int channel, double tone, double noise) {
                return channel == 0 ? tone : noise;
            }
        };

        abstract double at(int channel, double tone, double noise);
    }

    @Test
    void theFileIsTheSameHoweverThePcmComes() throws Exception {
        byte[] pcm = Signals.pcm(STEREO, 10_000, Signals.voice(48_000));
        ByteArrayOutputStream file = new ByteArrayOutputStream();

        FlacEncoding.write(STEREO, 10_000, md5(pcm), aByteAtATime(pcm), file);

        assertThat(file.toByteArray()).isEqualTo(encode(STEREO, pcm));
    }

    @Test
    void theFileTellsMd5AndVendor() throws Exception {
        byte[] pcm = Signals.pcm(MONO, 100, Signals.sines());

        byte[] file = encode(MONO, pcm);

        assertThat(Arrays.copyOfRange(file, 26, 42)).isEqualTo(md5(pcm));
        // The last block: type 4, 14 bytes, the vendor's length and the vendor, no comments.
        assertThat(Arrays.copyOfRange(file, 42, 60))
                .isEqualTo(new byte[] {(byte) 0x84, 0, 0, 14, 6, 0, 0, 0, 'D', 'e', 'c', 'a', 'n', 't', 0, 0, 0, 0});
    }

    @Test
    void manyChannelsWithoutSpeakersSaySo() throws Exception {
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 48_000, 4, ChannelOrder.UNPOSITIONED);
        byte[] pcm = Signals.pcm(format, 5_000, Signals.sines());

        DecodedFlac decoded = DecodedFlac.of(encode(format, pcm));

        assertThat(decoded.comment().getCommentByName("WAVEFORMATEXTENSIBLE_CHANNEL_MASK"))
                .containsExactly("0x0");
        assertThat(decoded.pcm()).isEqualTo(pcm);
    }

    @Test
    void readsUpToTheLastSampleAndClosesNothing() throws Exception {
        byte[] pcm = Signals.pcm(MONO, 5_000, Signals.sines());
        InputStream in = new FilterInputStream(new ByteArrayInputStream(pcm)) {
            @Override
            public void close() {
                throw new AssertionError("closed the PCM");
            }
        };
        ByteArrayOutputStream file = new ByteArrayOutputStream();

        FlacEncoding.write(MONO, 4_500, md5(Arrays.copyOf(pcm, 9_000)), in, new FilterOutputStream(file) {
            @Override
            public void close() {
                throw new AssertionError("closed the file");
            }
        });

        assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(pcm, 9_000, 10_000));
        assertThat(DecodedFlac.of(file.toByteArray()).pcm()).isEqualTo(Arrays.copyOf(pcm, 9_000));
    }

    @Test
    void pcmThatEndsTooEarlyIsAnError() {
        byte[] pcm = new byte[2 * 5_000 + 1];

        assertThatThrownBy(() -> FlacEncoding.write(
                        MONO, 6_000, new byte[16], new ByteArrayInputStream(pcm), new ByteArrayOutputStream()))
                .isInstanceOf(EOFException.class)
                .hasMessage("the PCM ends after 5000 of 6000 samples");
    }

    @Test
    void whatFlacCannotHoldIsRefusedInOneSentence() {
        assertThat(FlacEncoding.refusal(new PcmFormat(SampleFormat.S16LE, 48_000, 9), 1))
                .isEqualTo("FLAC holds at most 8 channels, and these are 9: take --format wav");
        assertThat(FlacEncoding.refusal(new PcmFormat(SampleFormat.F32LE, 48_000, 2), 1))
                .isEqualTo("FLAC holds integers, and these samples are f32le: take --sample-format s16le or s24le, or"
                        + " --format wav");
        assertThat(FlacEncoding.refusal(STEREO, 1L << 36))
                .isEqualTo("FLAC holds at most 68719476735 samples a channel, and these are 68719476736: take --format"
                        + " wav");
        assertThat(FlacEncoding.refusal(STEREO, (1L << 36) - 1)).isNull();
        assertThat(formats()).allMatch(format -> FlacEncoding.refusal(format, 0) == null);
    }

    @Test
    void whatIsRefusedIsNotWritten() {
        PcmFormat format = new PcmFormat(SampleFormat.F32LE, 48_000, 2);
        ByteArrayOutputStream file = new ByteArrayOutputStream();

        assertThatThrownBy(
                        () -> FlacEncoding.write(format, 1, new byte[16], new ByteArrayInputStream(new byte[8]), file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(FlacEncoding.refusal(format, 1));
        assertThat(file.size()).isZero();
    }

    /** Which checks the MD5, and every checksum. */
    @ParameterizedTest
    @MethodSource("someFormats")
    void theReferenceDecoderFindsNothingWrong(PcmFormat format) throws Exception {
        InstalledProgram flac = InstalledProgram.named("flac");
        byte[] pcm = Signals.pcm(format, 5_000, Signals.voice(format.rate()));
        String file = write(encode(format, pcm));

        flac.run("--silent", "--warnings-as-errors", "--test", file);

        assertThat(flac.run(
                        "--silent",
                        "--decode",
                        "--stdout",
                        "--force-raw-format",
                        "--endian=little",
                        "--sign=signed",
                        file))
                .isEqualTo(pcm);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 4096, 4097})
    void theReferenceDecoderFindsNothingWrongAtAnyLength(int count) throws Exception {
        InstalledProgram flac = InstalledProgram.named("flac");
        byte[] pcm = Signals.pcm(STEREO, count, Signals.clicks());

        flac.run("--silent", "--test", write(encode(STEREO, pcm)));
    }

    @ParameterizedTest
    @MethodSource("someFormats")
    void ffmpegDecodesTheSame(PcmFormat format) throws Exception {
        InstalledProgram ffmpeg = InstalledProgram.named("ffmpeg");
        byte[] pcm = Signals.pcm(format, 5_000, Signals.voice(format.rate()));

        assertThat(ffmpeg.run(
                        "-v",
                        "error",
                        "-i",
                        write(encode(format, pcm)),
                        "-f",
                        format.sampleFormat().label(),
                        "-"))
                .isEqualTo(pcm);
    }

    @Test
    void realSpeechTakesNoMoreThanWithAnotherEncoder() throws Exception {
        String data = System.getenv("DECANT_TEST_DATA");
        assumeTrue(data != null, "DECANT_TEST_DATA is not set: real speech is not encoded");
        InstalledProgram ffmpeg = InstalledProgram.named("ffmpeg");
        PcmFormat format = new PcmFormat(SampleFormat.S16LE, 16_000, 1);
        for (Path recording : speech(Path.of(data))) {
            String file = recording.toString();
            byte[] pcm = ffmpeg.run("-v", "error", "-i", file, "-ar", "16000", "-ac", "1", "-f", "s16le", "-");

            byte[] ours = encode(format, pcm);

            byte[] theirs = ffmpeg.run(
                    "-v",
                    "error",
                    "-f",
                    "s16le",
                    "-ar",
                    "16000",
                    "-ac",
                    "1",
                    "-i",
                    write(pcm),
                    "-compression_level",
                    "2",
                    "-f",
                    "flac",
                    "-");
            assertThat(DecodedFlac.of(ours).pcm()).isEqualTo(pcm);
            assertThat(ours).as(file).hasSizeLessThan(theirs.length);
        }
    }

    private static List<Path> speech(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("recordings"))) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().startsWith("kerstin_"))
                    .sorted()
                    .limit(5)
                    .toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    private static byte[] encode(PcmFormat format, byte[] pcm) throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        FlacEncoding.write(format, pcm.length / format.bytesPerSample(), md5(pcm), new ByteArrayInputStream(pcm), file);
        return file.toByteArray();
    }

    private static byte[] md5(byte[] pcm) throws Exception {
        return MessageDigest.getInstance("MD5").digest(pcm);
    }

    private String write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("file"), bytes).toString();
    }

    private static InputStream aByteAtATime(byte[] bytes) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(length, 1));
            }
        };
    }
}
