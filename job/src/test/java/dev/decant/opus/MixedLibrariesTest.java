package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Library;
import com.sun.jna.Native;
import dev.decant.audio.ChannelLayout;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A cause of crashing decoders: two copies of the library mix. In a process of its own another libopus, a neural one whose
 * decoders have another size, is loaded first and for all to see ({@code RTLD_GLOBAL}); ours must not notice.
 */
class MixedLibrariesTest {
    private static Path other;

    @BeforeAll
    static void findTheOther() {
        other = OtherLibopus.file();
    }

    @Test
    void anotherLibopusThatWasLoadedFirstChangesNeitherStatesNorSamples() throws Exception {
        assertThat(inNewProcess("embedded")).isEqualTo(Report.of("embedded"));
    }

    @Test
    void theOtherLibraryKeepsItsOwnStatesAndSamplesToo() throws Exception {
        String report = inNewProcess(other.toString());
        assertThat(report).isEqualTo(Report.of(other.toString())).isNotEqualTo(Report.of("embedded"));
    }

    /** Else the tests above would prove nothing. */
    @Test
    void openedAsJnaDoesByDefaultTheLibrariesMix() throws Exception {
        String ours = PlainLibOpus.embeddedFile().toString();
        String size = String.valueOf(PlainLibOpus.EMBEDDED.opus_decoder_get_size(1));
        assertThat(inNewProcess(ours, "with default flags")).isNotEqualTo(size);
    }

    @Test
    void bothServeInOneProcessAtOnce() {
        try (OpusEngine ours = TestEngines.embedded();
                OpusEngine theirs = OpusEngine.open(other.toString(), List.of())) {
            assertThat(theirs.description().monoStateBytes())
                    .isGreaterThan(2 * ours.description().monoStateBytes());
            assertThat(theirs.description().sha256())
                    .isNotEqualTo(ours.description().sha256());
            String alone = Report.of("embedded");
            assertThat(Report.of(ours)).isEqualTo(alone);
            assertThat(Report.of(theirs)).isNotEqualTo(alone);
            assertThat(Report.of(ours)).isEqualTo(alone);
        }
    }

    private static String inNewProcess(String... library) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(other.toString()));
        arguments.addAll(List.of(library));
        return new String(TestProcess.run(Report.class, arguments), StandardCharsets.UTF_8);
    }

    /** State sizes, pointer maps, and checksums of samples and images: of every mode, with losses. */
    static final class Report {
        /** Loads the library of the first argument for all to see, then reports on that of the second. */
        public static void main(String[] arguments) {
            StateSize other = withDefaultFlags(arguments[0]);
            boolean withDefaultFlags = arguments.length == 3;
            System.out.print(
                    withDefaultFlags
                            ? withDefaultFlags(arguments[1]).opus_decoder_get_size(1)
                            : Report.of(arguments[1]));
            // JNA closes a library that nobody holds any more, and then there would be nothing to mix with.
            Reference.reachabilityFence(other);
        }

        /** {@code RTLD_LAZY | RTLD_GLOBAL}. */
        private static StateSize withDefaultFlags(String file) {
            return Native.load(file, StateSize.class);
        }

        static String of(String library) {
            try (OpusEngine engine = OpusEngine.open(library, List.of())) {
                return of(engine);
            }
        }

        static String of(OpusEngine engine) {
            assertThat(engine.makesImages()).isTrue();
            CRC32C checksum = new CRC32C();
            CRC32C images = new CRC32C();
            try (DecoderWorkspace workspace = engine.newWorkspace(2)) {
                for (TestStream stream : List.of(TestStream.changing(), TestStream.withForwardErrorCorrection(2))) {
                    try (OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 2), workspace)) {
                        checksum.update(
                                DecodeScript.pcm(DecodeScript.withLosses(stream).play(decoder)));
                        // It names the map too, in its fingerprint.
                        images.update(decoder.image().orElseThrow().toBytes());
                    }
                }
            }
            EngineDescription description = engine.description();
            return description.monoStateBytes() + ", " + description.stereoStateBytes() + ", " + mapsOf(description)
                    + ", " + checksum.getValue() + ", " + images.getValue();
        }

        private static String mapsOf(EngineDescription description) {
            LoadedLibrary library = LoadedLibrary.open(description.origin(), Path.of(description.file()));
            try {
                DecoderImages images = library.images(List.of()).orElseThrow();
                return Arrays.toString(images.map(ChannelLayout.plain(1)).addresses())
                        + Arrays.toString(images.map(ChannelLayout.plain(2)).addresses());
            } finally {
                library.release();
            }
        }
    }

    private interface StateSize extends Library {
        int opus_decoder_get_size(int channels);
    }
}
