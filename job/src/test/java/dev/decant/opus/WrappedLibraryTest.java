package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import dev.decant.audio.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Libraries that look like libopus and whose states cannot be told from their file: made here with the C compiler, where
 * there is one.
 */
class WrappedLibraryTest {
    /** Every function is that of another libopus, whose file is in {@code REAL}. */
    private static final String WRAPPER =
            """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <stdarg.h>
            static void *real(const char *name) {
                static void *library;
                if (!library) library = dlopen(REAL, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
                return dlsym(library, name);
            }
            const char *opus_get_version_string(void) {
                return ((const char *(*)(void)) real("opus_get_version_string"))();
            }
            int opus_decoder_get_size(int channels) {
                return ((int (*)(int)) real("opus_decoder_get_size"))(channels);
            }
            int opus_decoder_init(void *decoder, int rate, int channels) {
                return ((int (*)(void *, int, int)) real("opus_decoder_init"))(decoder, rate, channels);
            }
            int opus_decode(void *decoder, void *packet, int length, void *pcm, int samples, int fec) {
                return ((int (*)(void *, void *, int, void *, int, int)) real("opus_decode"))(
                        decoder, packet, length, pcm, samples, fec);
            }
            int opus_decode_float(void *decoder, void *packet, int length, void *pcm, int samples, int fec) {
                return ((int (*)(void *, void *, int, void *, int, int)) real("opus_decode_float"))(
                        decoder, packet, length, pcm, samples, fec);
            }
            int opus_decoder_ctl(void *decoder, int request, ...) {
                va_list arguments;
                va_start(arguments, request);
                void *argument = va_arg(arguments, void *);
                va_end(arguments);
                return ((int (*)(void *, int, ...)) real("opus_decoder_ctl"))(decoder, request, argument);
            }
            int opus_multistream_decoder_get_size(int streams, int coupled) {
                return ((int (*)(int, int)) real("opus_multistream_decoder_get_size"))(streams, coupled);
            }
            int opus_multistream_decoder_init(void *d, int rate, int channels, int streams, int coupled, void *mapping) {
                return ((int (*)(void *, int, int, int, int, void *)) real("opus_multistream_decoder_init"))(
                        d, rate, channels, streams, coupled, mapping);
            }
            int opus_projection_decoder_get_size(int channels, int streams, int coupled) {
                return ((int (*)(int, int, int)) real("opus_projection_decoder_get_size"))(channels, streams, coupled);
            }
            int opus_projection_decoder_init(
                    void *d, int rate, int channels, int streams, int coupled, void *matrix, int size) {
                return ((int (*)(void *, int, int, int, int, void *, int)) real("opus_projection_decoder_init"))(
                        d, rate, channels, streams, coupled, matrix, size);
            }
            #define DECODE(name)                                                                               \\
                int name(void *decoder, void *packet, int length, void *pcm, int samples, int fec) {           \\
                    return ((int (*)(void *, void *, int, void *, int, int)) real(#name))(                     \\
                            decoder, packet, length, pcm, samples, fec);                                       \\
                }
            #define CONTROL(name)                                                                              \\
                int name(void *decoder, int request, ...) {                                                    \\
                    va_list arguments;                                                                         \\
                    va_start(arguments, request);                                                              \\
                    void *argument = va_arg(arguments, void *);                                                \\
                    va_end(arguments);                                                                         \\
                    return ((int (*)(void *, int, ...)) real(#name))(decoder, request, argument);              \\
                }
            DECODE(opus_multistream_decode)
            DECODE(opus_multistream_decode_float)
            DECODE(opus_projection_decode)
            DECODE(opus_projection_decode_float)
            CONTROL(opus_multistream_decoder_ctl)
            CONTROL(opus_projection_decoder_ctl)
            """;

    private static final String ENCODER =
            """
            int opus_encoder_get_size(int channels) {
                return ((int (*)(int)) real("opus_encoder_get_size"))(channels);
            }
            int opus_encoder_init(void *encoder, int rate, int channels, int application) {
                return ((int (*)(void *, int, int, int)) real("opus_encoder_init"))(
                        encoder, rate, channels, application);
            }
            int opus_encode(void *encoder, void *pcm, int samples, void *packet, int length) {
                return ((int (*)(void *, void *, int, void *, int)) real("opus_encode"))(
                        encoder, pcm, samples, packet, length);
            }
            int opus_encoder_ctl(void *encoder, int request, ...) {
                va_list arguments;
                va_start(arguments, request);
                void *argument = va_arg(arguments, void *);
                va_end(arguments);
                return ((int (*)(void *, int, ...)) real("opus_encoder_ctl"))(encoder, request, argument);
            }
            """;

    @TempDir
    private Path folder;

    @BeforeAll
    static void onLinux() {
        assumeTrue(Platform.isLinux() && !OpenFlags.isMusl(), "the C code is for glibc");
    }

    /** Its states point into the other library, which a fingerprint of this one's file says nothing of. */
    @Test
    void aLibraryThatLeavesItsWorkToAnotherMakesNoImages() throws Exception {
        decodesButMakesNoImages(compile(WRAPPER + ENCODER), "points into another file: ");
    }

    @Test
    void aLibraryWithoutAnEncoderMakesNoImages() throws Exception {
        decodesButMakesNoImages(compile(WRAPPER), "it has no encoder to make packets with: ");
    }

    private static void decodesButMakesNoImages(Path library, String why) throws IOException {
        DecoderSettings settings = TestEngines.settings(48_000, 2);
        try (OpusEngine engine = OpusEngine.open(library.toString(), List.of());
                DecoderWorkspace workspace = engine.newWorkspace(2);
                OpusDecoder decoder = engine.newDecoder(settings, workspace)) {
            assertThat(decoder.decode(TestStream.changing().packets().get(0))).isEqualTo(960);
            assertThat(engine.makesImages()).isFalse();
            assertThat(decoder.image()).isEmpty();
        }
        String sha256 = Digests.sha256Hex(library);
        try (BoundLibrary bound = new BoundLibrary(library)) {
            assertThatThrownBy(() -> DecoderImages.of(bound, sha256, List.of()))
                    .isInstanceOf(NoImagesException.class)
                    .hasMessageContaining(why);
        }
    }

    private Path compile(String source) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("wrapper.c"), source);
        Path library = folder.resolve("libopus.so");
        ProcessBuilder compiler = new ProcessBuilder(
                "cc",
                "-shared",
                "-fPIC",
                "-DREAL=\"" + PlainLibOpus.embeddedFile() + "\"",
                "-o",
                library.toString(),
                file.toString(),
                "-ldl");
        Process process;
        try {
            process = compiler.redirectErrorStream(true).start();
        } catch (IOException e) {
            return abort("There is no C compiler: " + e.getMessage());
        }
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
        return library;
    }
}
