package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFormatTest {
    /** Of a state of 70 words, of which the first, the tenth, the 64th and the last are not 0. */
    private static final String VERSION_1 = "010a010000fcffff3f00000000000000" // version, settings, CPU
            + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" // fingerprint
            + "01020000000000802000000000000000" // bitmap
            + "efcdab8967452301ffffffffffffffff00000000000000800100000000000000" // words
            + "6db5113a"; // CRC-32C

    private static final ImageHeader HEADER =
            new ImageHeader(-1_024, 10, true, CpuFeatures.named("sse", "sse2", "sse4_1", "avx", "avx2", "fma"));

    private static final int WORDS = 70;

    private final byte[] fingerprint = new byte[ImageFormat.FINGERPRINT_BYTES];
    private final ImageBuffer buffer = new ImageBuffer();

    ImageFormatTest() {
        for (int i = 0; i < fingerprint.length; i++) {
            fingerprint[i] = (byte) i;
        }
    }

    @Test
    void bytesOfVersion1AreStillRead() {
        byte[] image = HexFormat.of().parseHex(VERSION_1);
        assertThat(read(image)).hasValue(HEADER);
        assertThat(Arrays.copyOf(buffer.state(WORDS), WORDS)).isEqualTo(state());
    }

    @Test
    void bytesAreWrittenAsVersion1Says() {
        assertThat(HexFormat.of().formatHex(write(HEADER, state()))).isEqualTo(VERSION_1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 127, 128, 2_279, 3_375})
    void statesOfEveryLengthComeBack(int words) {
        SplittableRandom random = new SplittableRandom(words);
        for (double zeros : new double[] {0, 0.3, 0.9, 1}) {
            long[] state = new long[words];
            Arrays.setAll(state, i -> random.nextDouble() < zeros ? 0 : random.nextLong() | 1);
            byte[] image = write(HEADER, state);
            Arrays.fill(buffer.state(words), -1);
            assertThat(ImageFormat.read(image, fingerprint, words, buffer)).hasValue(HEADER);
            assertThat(Arrays.copyOf(buffer.state(words), words)).isEqualTo(state);
        }
    }

    @Test
    void anUnknownVersionIsRefused() {
        for (int version = 0; version < 256; version++) {
            byte[] image = HexFormat.of().parseHex(VERSION_1);
            image[0] = (byte) version;
            assertThat(read(sealed(image)).isPresent()).isEqualTo(version == 1);
        }
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] image = HexFormat.of().parseHex(VERSION_1);
        for (int bit = 0; bit < image.length * Byte.SIZE; bit++) {
            byte[] damaged = image.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(read(damaged)).as("bit %d", bit).isEmpty();
        }
    }

    @Test
    void everyOtherLengthIsRefused() {
        byte[] image = HexFormat.of().parseHex(VERSION_1);
        for (int length = 0; length < 1_000; length++) {
            if (length != image.length) {
                byte[] other = Arrays.copyOf(image, length);
                assertThat(read(other)).isEmpty();
                assertThat(read(length < 4 ? other : sealed(other)))
                        .as("%d bytes with a sound checksum", length)
                        .isEmpty();
            }
        }
    }

    @Test
    void anotherFingerprintIsRefused() {
        byte[] image = HexFormat.of().parseHex(VERSION_1);
        fingerprint[31]++;
        assertThat(read(image)).isEmpty();
    }

    @Test
    void settingsThatNoDecoderHasAreRefused() {
        assertThat(read(changed(1, 11))).as("complexity 11").isEmpty();
        assertThat(read(changed(1, -1))).as("complexity -1").isEmpty();
        assertThat(read(changed(2, 2))).as("phase inversion 2").isEmpty();
        assertThat(read(changed(3, 1))).as("not 0").isEmpty();
        assertThat(read(changed(6, 1))).as("gain of 129,024").isEmpty();
        assertThat(read(changed(1, 9))).as("complexity 9").isPresent();
    }

    @Test
    void aBitmapThatDoesNotFitTheWordsIsRefused() {
        assertThat(read(changed(48, 3))).as("one word more").isEmpty();
        assertThat(read(changed(48, 0))).as("one word less").isEmpty();
        byte[] beyondTheEnd = changed(56, 0);
        beyondTheEnd[56] = 0x40;
        assertThat(read(sealed(beyondTheEnd))).as("word 71 of 70").isEmpty();
    }

    /** With a sound version, fingerprint and checksum, so that what comes after them is reached. */
    @Test
    void hostileBytesDoNoHarm() {
        SplittableRandom random = new SplittableRandom(9);
        int accepted = 0;
        for (int trial = 0; trial < 100_000; trial++) {
            byte[] image = HexFormat.of().parseHex(VERSION_1);
            if (random.nextBoolean()) {
                image = Arrays.copyOf(image, 52 + Long.BYTES * random.nextInt(90));
            }
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                int at = random.nextInt(image.length);
                if (at != 0 && (at < 16 || at >= 48)) {
                    image[at] = (byte) random.nextInt();
                }
            }
            accepted += read(sealed(image)).isPresent() ? 1 : 0;
        }
        assertThat(accepted).as("some are changed in no way that matters").isBetween(1, 99_999);
        assertThat(buffer.state(0).length).as("words").isEqualTo(WORDS);
    }

    /** A decoder of the embedded library for Linux on x64: 16 kHz, mono, after 19 packets that change modes. */
    @Test
    void aStoredDecoderGoesOnBitByBit() throws IOException {
        StoredDecoder stored = StoredDecoder.ofVersion1();
        DecoderSettings settings = TestEngines.settings(16_000, 1);
        try (OpusEngine engine = TestEngines.embedded();
                DecoderWorkspace workspace = engine.newWorkspace(1);
                ReferenceDecoder reference = new ReferenceDecoder(settings.format(), 0)) {
            StoredDecoder.assumeUsableHere();
            DecodeScript.of(stored.before).play(reference);
            try (OpusDecoder decoder = engine.restoreDecoder(settings, stored.image, workspace)
                    .orElseThrow(() -> new AssertionError("Refused by " + engine.description()))) {
                assertThat(DecodeScript.pcm(DecodeScript.of(stored.after).play(decoder)))
                        .isEqualTo(
                                DecodeScript.pcm(DecodeScript.of(stored.after).play(reference)));
            }
        }
    }

    /**
     * @param before the packets that the decoder of the image had decoded
     * @param after the packets that came then
     */
    private record StoredDecoder(DecoderImage image, List<byte[]> before, List<byte[]> after) {
        static StoredDecoder ofVersion1() throws IOException {
            byte[] image = {};
            List<byte[]> before = new ArrayList<>();
            List<byte[]> after = new ArrayList<>();
            try (InputStream in = ImageFormatTest.class.getResourceAsStream("decoder-image-v1.txt")) {
                for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                    String[] fields = line.split(" ");
                    byte[] bytes = Base64.getDecoder().decode(fields[1]);
                    switch (fields[0]) {
                        case "image" -> image = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
                        case "before" -> before.add(bytes);
                        default -> after.add(bytes);
                    }
                }
            }
            return new StoredDecoder(DecoderImage.ofBytes(image), before, after);
        }

        static void assumeUsableHere() {
            assumeTrue(Platform.isLinux() && Platform.isIntel(), "the stored image is of the library for Linux on x64");
            assumeTrue(
                    CpuFeatures.ofThisMachine().include(CpuFeatures.named("sse", "sse2", "sse4_1", "avx")),
                    "the stored image is of a CPU with AVX");
        }
    }

    private static long[] state() {
        long[] state = new long[WORDS];
        state[0] = 0x0123_4567_89AB_CDEFL;
        state[9] = -1;
        state[63] = Long.MIN_VALUE;
        state[69] = 1;
        return state;
    }

    private byte[] write(ImageHeader header, long[] state) {
        System.arraycopy(state, 0, buffer.state(state.length), 0, state.length);
        return ImageFormat.write(header, fingerprint, state.length, buffer);
    }

    private Optional<ImageHeader> read(byte[] image) {
        return ImageFormat.read(image, fingerprint, WORDS, buffer);
    }

    private static byte[] changed(int at, int value) {
        byte[] image = HexFormat.of().parseHex(VERSION_1);
        image[at] = (byte) value;
        return sealed(image);
    }

    /** With the checksum that it should have. */
    private static byte[] sealed(byte[] image) {
        CRC32C checksum = new CRC32C();
        checksum.update(image, 0, image.length - 4);
        ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(image.length - 4, (int) checksum.getValue());
        return image;
    }
}
