package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import dev.decant.audio.ChannelLayout;
import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.opus.DecodeScript.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A decoder is saved and goes on; {@link DecoderImageTrialsTest} has it go on in another process. */
class DecoderImageTest {
    private static final List<byte[]> PACKETS = TestStream.changing().packets();
    private static final DecoderSettings SETTINGS = TestEngines.settings(48_000, 2);

    /** Keeps the library loaded from test to test, so that the map is made once. */
    private static OpusEngine keeper;

    private final OpusEngine engine = TestEngines.embedded();
    private final DecoderWorkspace workspace = engine.newWorkspace(2);

    @BeforeAll
    static void load() {
        assumeTrue(Platform.isLinux(), "only Linux tells where a library is loaded");
        keeper = TestEngines.embedded();
    }

    @AfterAll
    static void unload() {
        if (keeper != null) {
            keeper.close();
        }
    }

    @AfterEach
    void everythingIsFreed() {
        workspace.close();
        engine.close();
        assertThat(engine.liveNativeBytes()).isZero();
    }

    static List<TestStream> streams() {
        return TestStream.ofEveryKind();
    }

    @Test
    void theEmbeddedLibraryMakesImages() {
        assertThat(engine.makesImages()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aRestoredDecoderGoesOnBitByBit(TestStream stream) {
        DecoderSettings settings = TestEngines.settings(48_000, stream.channels());
        DecodeScript script = DecodeScript.withLosses(stream);
        List<Outcome> expected;
        try (ReferenceDecoder reference = new ReferenceDecoder(settings.format(), 0)) {
            expected = script.play(reference);
        }
        int steps = script.steps().size();
        for (int cut : List.of(0, 1, steps / 2, steps - 1)) {
            DecoderImage image;
            try (OpusDecoder decoder = engine.newDecoder(settings, workspace)) {
                new DecodeScript(script.steps().subList(0, cut)).play(decoder);
                image = decoder.image().orElseThrow();
            }
            try (OpusDecoder restored =
                    engine.restoreDecoder(settings, image, workspace).orElseThrow()) {
                List<Outcome> rest = new DecodeScript(script.steps().subList(cut, steps)).play(restored);
                assertThat(DecodeScript.pcm(rest)).isEqualTo(DecodeScript.pcm(expected.subList(cut, steps)));
            }
        }
    }

    @Test
    void takingAnImageChangesNothing() {
        byte[] expected = ReferenceDecoder.decode(TestEngines.s16(48_000, 2), 0, PACKETS);
        try (OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 2), workspace)) {
            ByteArrayOutputStream pcm = new ByteArrayOutputStream();
            for (byte[] packet : PACKETS) {
                int samples = decoder.decode(packet);
                assertThat(decoder.image()).isEqualTo(decoder.image()).isPresent();
                pcm.writeBytes(decoder.pcm(0, samples));
            }
            assertThat(pcm.toByteArray()).isEqualTo(expected);
        }
    }

    @Test
    void anImageOfARestoredDecoderIsTheSame() {
        DecoderImage image = imageOf(SETTINGS);
        try (OpusDecoder decoder =
                engine.restoreDecoder(SETTINGS, image, workspace).orElseThrow()) {
            assertThat(decoder.image()).hasValue(image);
        }
    }

    @Test
    void imagesOfOtherFormatsAreRefused() {
        DecoderImage image = imageOf(SETTINGS);
        for (SampleFormat sampleFormat : SampleFormat.values()) {
            for (int channels = 1; channels <= 2; channels++) {
                for (int rate : List.of(8_000, 12_000, 16_000, 24_000, 48_000)) {
                    DecoderSettings others = DecoderSettings.of(new PcmFormat(sampleFormat, rate, channels));
                    boolean same = rate == 48_000 && channels == 2 && sampleFormat == SampleFormat.S16LE;
                    assertThat(isRestored(others, image)).as("%s", others).isEqualTo(same);
                }
            }
        }
    }

    /** Both decode to floats, and that is all that their state depends on. */
    @Test
    void s24leGoesOnAsF32le() {
        DecoderSettings s24 = DecoderSettings.of(new PcmFormat(SampleFormat.S24LE, 48_000, 2));
        DecoderSettings f32 = DecoderSettings.of(new PcmFormat(SampleFormat.F32LE, 48_000, 2));
        assertThat(isRestored(f32, imageOf(s24))).isTrue();
    }

    @Test
    void anImageOfAnotherLibraryIsRefused() {

        DecoderImage ours = imageOf(SETTINGS);
        try (OpusEngine other = OpusEngine.open(OtherLibopus.file().toString(), List.of());
                DecoderWorkspace otherWorkspace = other.newWorkspace(2);
                OpusDecoder decoder = other.newDecoder(SETTINGS, otherWorkspace)) {
            assertThat(other.restoreDecoder(SETTINGS, ours, otherWorkspace)).isEmpty();
            assertThat(isRestored(SETTINGS, decoder.image().orElseThrow())).isFalse();
        }
    }

    @Test
    void damagedImagesAreRefused() {
        byte[] image = imageOf(SETTINGS).toBytes();
        SplittableRandom random = new SplittableRandom(4);
        for (int trial = 0; trial < 2_000; trial++) {
            byte[] damaged = image.clone();
            damaged[random.nextInt(image.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(isRestored(SETTINGS, DecoderImage.ofBytes(damaged))).isFalse();
            byte[] truncated = Arrays.copyOf(image, random.nextInt(image.length));
            assertThat(isRestored(SETTINGS, DecoderImage.ofBytes(truncated))).isFalse();
            byte[] noise = new byte[random.nextInt(40_000)];
            random.nextBytes(noise);
            assertThat(isRestored(SETTINGS, DecoderImage.ofBytes(noise))).isFalse();
        }
    }

    @Test
    void anAddressBeyondTheLibraryIsRefused() {
        int address = mapOf(2)[0];
        assertThat(isRestored(SETTINGS, withWord(address, 64))).isTrue();
        for (long beyond : new long[] {1L << 40, -1, Long.MIN_VALUE}) {
            assertThat(isRestored(SETTINGS, withWord(address, beyond))).isFalse();
        }
    }

    @Test
    void aStateWithAnAddressThatIsNotInTheMapIsNotSaved() {
        int[] map = mapOf(2);
        try (NativeDecoder decoder = (NativeDecoder) engine.newDecoder(SETTINGS, workspace)) {
            DecodeScript.of(PACKETS).play(decoder);
            ByteBuffer state = decoder.state().bytes();
            long address = state.getLong(map[0] * Long.BYTES);
            for (int word = 0; word < state.capacity() / Long.BYTES; word++) {
                int at = word * Long.BYTES;
                long before = state.getLong(at);
                state.putLong(at, address);
                boolean known = Arrays.binarySearch(map, word) >= 0;
                assertThat(decoder.image().isPresent()).as("word %d", word).isEqualTo(known);
                if (known) {
                    state.putLong(at, 0x7f00_0000_0000L);
                    assertThat(decoder.image()).as("not in the library").isEmpty();
                }
                state.putLong(at, before);
            }
            assertThat(decoder.image()).isPresent();
        }
    }

    @Test
    void settingsMayBeOthersThanTheyWere() {
        DecoderSettings loud =
                new DecoderSettings(TestEngines.s16(48_000, 2), 500, 3, false, DecoderVerification.CHECKSUM);
        assertSettingsAre(SETTINGS, imageOf(loud), 0, 0);
        assertSettingsAre(loud, imageOf(SETTINGS), 500, 1);
        assertSettingsAre(loud, imageOf(loud), 500, 1);
        // To mono, libopus never inverts phases.
        DecoderSettings mono = TestEngines.settings(48_000, 1);
        DecoderSettings monoWithout =
                new DecoderSettings(TestEngines.s16(48_000, 1), 0, 0, false, DecoderVerification.GUARDS);
        assertSettingsAre(mono, imageOf(monoWithout), 0, 1);
        assertSettingsAre(monoWithout, imageOf(mono), 0, 1);
    }

    @Test
    void anImageIsOfNoUseToACpuThatCanDoLess() {
        CpuFeatures here = CpuFeatures.ofThisMachine();
        assertThat(isRestored(SETTINGS, withCpu(here))).isTrue();
        assertThat(isRestored(SETTINGS, withCpu(new CpuFeatures(-1)))).isFalse();
        assertThat(isRestored(SETTINGS, withCpu(new CpuFeatures(here.bits() | 1L << 40))))
                .isFalse();
    }

    @Test
    void aDecoderKeepsToWhatItsFirstCpuCouldDo() {
        DecoderImage older = withCpu(
                new CpuFeatures(Long.lowestOneBit(CpuFeatures.ofThisMachine().bits())));
        try (OpusDecoder decoder =
                engine.restoreDecoder(SETTINGS, older, workspace).orElseThrow()) {
            assertThat(decoder.image()).hasValue(older);
        }
    }

    @Test
    void theCopyOfTheLibraryLeavesNothingBehind(@TempDir Path folder) throws IOException {
        try (OpusEngine own = OpusEngine.open("embedded", List.of(folder))) {
            assertThat(own.makesImages()).isTrue();
            try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
                assertThat(files).containsExactly(Path.of(own.description().file()));
            }
            assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
                    .noneMatch(line -> line.contains(folder + "/") && line.endsWith("(deleted)"));
        }
    }

    @Test
    void aLibraryWhoseFileWasReplacedMakesNoImages(@TempDir Path folder) throws IOException {
        Path file = Files.copy(PlainLibOpus.embeddedFile(), folder.resolve("libopus.so"));
        try (OpusEngine own = OpusEngine.open(file.toString(), List.of());
                DecoderWorkspace ownWorkspace = own.newWorkspace(2);
                OpusDecoder decoder = own.newDecoder(SETTINGS, ownWorkspace)) {
            Path other = Files.write(folder.resolve("other"), new byte[1_000]);
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            assertThat(own.makesImages()).isFalse();
            assertThat(decoder.image()).isEmpty();
            assertThat(own.restoreDecoder(SETTINGS, imageOf(SETTINGS), ownWorkspace))
                    .isEmpty();
        }
    }

    @Test
    void theMapIsMadeOnceHoweverManyAsk(@TempDir Path folder) throws Exception {
        Path file = Files.copy(PlainLibOpus.embeddedFile(), folder.resolve("libopus.so"));
        LoadedLibrary library = LoadedLibrary.open("test", file);
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<DecoderImages>> all = executor.invokeAll(
                    Collections.nCopies(8, () -> library.images(List.of()).orElseThrow()));
            for (Future<DecoderImages> one : all) {
                assertThat(one.get()).isSameAs(all.get(0).get());
            }
        } finally {
            executor.shutdownNow();
            library.release();
        }
    }

    private DecoderImage imageOf(DecoderSettings settings) {
        try (OpusDecoder decoder = engine.newDecoder(settings, workspace)) {
            DecodeScript.of(PACKETS.subList(0, 30)).play(decoder);
            return decoder.image().orElseThrow();
        }
    }

    private boolean isRestored(DecoderSettings settings, DecoderImage image) {
        Optional<OpusDecoder> restored = engine.restoreDecoder(settings, image, workspace);
        restored.ifPresent(OpusDecoder::close);
        return restored.isPresent();
    }

    private void assertSettingsAre(DecoderSettings settings, DecoderImage image, int gain, int phaseInversionDisabled) {
        try (NativeDecoder decoder = (NativeDecoder)
                engine.restoreDecoder(settings, image, workspace).orElseThrow()) {
            assertThat(control(decoder, 4045)).as("OPUS_GET_GAIN").isEqualTo(gain);
            assertThat(control(decoder, 4047))
                    .as("OPUS_GET_PHASE_INVERSION_DISABLED")
                    .isEqualTo(phaseInversionDisabled);
            assertThat(decoder.decode(PACKETS.get(30))).isEqualTo(960);
        }
    }

    private static int control(NativeDecoder decoder, int request) {
        IntByReference value = new IntByReference();
        Pointer state = new Pointer(decoder.state().address());
        PlainLibOpus.requireOk(PlainLibOpus.EMBEDDED.opus_decoder_ctl(state, request, value), "opus_decoder_ctl");
        return value.getValue();
    }

    private int[] mapOf(int channels) {
        LoadedLibrary library =
                LoadedLibrary.open("test", Path.of(engine.description().file()));
        try {
            return library.images(List.of())
                    .orElseThrow()
                    .map(ChannelLayout.plain(channels))
                    .addresses();
        } finally {
            library.release();
        }
    }

    /** An image of {@link #SETTINGS} in which one word of the state is another. */
    private DecoderImage withWord(int word, long value) {
        return changed((header, state) -> {
            state[word] = value;
            return header;
        });
    }

    private DecoderImage withCpu(CpuFeatures cpu) {
        return changed(
                (header, state) -> new ImageHeader(header.gain(), header.complexity(), header.phaseInversion(), cpu));
    }

    private DecoderImage changed(BiFunction<ImageHeader, long[], ImageHeader> change) {
        byte[] image = imageOf(SETTINGS).toBytes();
        byte[] fingerprint = Arrays.copyOfRange(image, 16, 48);
        int words = (engine.description().stereoStateBytes() + 7) / 8;
        ImageBuffer buffer = new ImageBuffer();
        ImageHeader header = ImageFormat.read(image, fingerprint, words, buffer).orElseThrow();
        ImageHeader changed = change.apply(header, buffer.state(words));
        return DecoderImage.ofBytes(ImageFormat.write(changed, fingerprint, words, buffer));
    }
}
