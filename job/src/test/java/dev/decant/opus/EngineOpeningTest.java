package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import dev.decant.audio.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineOpeningTest {
    @TempDir
    private Path folder;

    private int loadedBefore;

    @BeforeEach
    void countLibraries() {
        loadedBefore = LoadedLibrary.count();
    }

    @Test
    void autoTakesTheEmbeddedLibrary() {
        try (OpusEngine engine = OpusEngine.open("auto", List.of(folder))) {
            assertThat(engine.description().origin()).isEqualTo("embedded");
            assertThat(LoadedLibrary.count()).isEqualTo(loadedBefore + 1);
        }
        assertThat(LoadedLibrary.count()).isEqualTo(loadedBefore);
    }

    @Test
    void theEmbeddedLibraryIsExtractedToAPrivateFolderUnderItsHash() throws IOException {
        Path file = extractedTo(List.of(folder));
        assertThat(file).startsWith(folder.toRealPath());
        assertThat(file.getFileName().toString()).startsWith(Digests.sha256Hex(file));
        assertThat(Files.getPosixFilePermissions(file.getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(filesIn(file.getParent())).containsExactly(file);
    }

    @Test
    void anExtractedFileIsUsedAgain() throws IOException {
        Path file = extractedTo(List.of(folder));
        Object key = Files.readAttributes(file, "*").get("fileKey");
        assertThat(extractedTo(List.of(folder))).isEqualTo(file);
        assertThat(Files.readAttributes(file, "*")).containsEntry("fileKey", key);
    }

    @Test
    void aFileThatWasTamperedWithIsNotUsed() throws IOException {
        Path file = extractedTo(List.of(folder));
        String sha256 = Digests.sha256Hex(file);
        Files.writeString(file, "no library");
        assertThat(extractedTo(List.of(folder))).isEqualTo(file);
        assertThat(Digests.sha256Hex(file)).isEqualTo(sha256);
    }

    @Test
    void manyMayExtractAtOnce() throws Exception {
        byte[] library = Files.readAllBytes(PlainLibOpus.embeddedFile());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Path>> extractions = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                extractions.add(() -> EmbeddedLibrary.extract(library, "libopus.so", folder));
            }
            for (Future<Path> file : threads.invokeAll(extractions)) {
                assertThat(file.get()).hasBinaryContent(library);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(filesIn(folder)).hasSize(1);
    }

    @Test
    void aFolderThatCannotBeUsedIsPassedOver() throws IOException {
        Path file = Files.createFile(folder.resolve("a file"));
        Path good = folder.resolve("good");
        assertThat(extractedTo(List.of(file, good))).startsWith(good.toRealPath());
    }

    @Test
    void aFolderThatOthersMayWriteToIsRefused() throws IOException {
        Path mine = PrivateFolder.in(folder);
        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> PrivateFolder.in(folder))
                .isInstanceOf(IOException.class)
                .hasMessage("others may write to " + mine);
        Path good = folder.resolve("good");
        assertThat(extractedTo(List.of(folder, good))).startsWith(good.toRealPath());
    }

    @Test
    void aLinkInPlaceOfTheFolderIsRefused() throws IOException {
        Path mine = PrivateFolder.in(folder);
        Files.delete(mine);
        Files.createSymbolicLink(mine, Files.createDirectory(folder.resolve("elsewhere")));
        assertThatThrownBy(() -> PrivateFolder.in(folder)).hasMessage(mine + " is not a folder");
    }

    @Test
    void theSystemsLibraryIsFoundAsAFile() throws IOException {
        assumeTrue(Platform.isLinux(), "the file's name is Linux's");
        Path file = Files.copy(PlainLibOpus.embeddedFile(), folder.resolve("libopus.so.0"));
        String before = System.getProperty("jna.library.path");
        System.setProperty("jna.library.path", folder.toString());
        try (OpusEngine engine = OpusEngine.open("system", List.of())) {
            assertThat(engine.description().origin()).isEqualTo("system");
            assertThat(engine.description().file()).isEqualTo(file.toRealPath().toString());
        } finally {
            if (before == null) {
                System.clearProperty("jna.library.path");
            } else {
                System.setProperty("jna.library.path", before);
            }
        }
    }

    @Test
    void aLibraryCanBeNamedByItsPath() throws IOException {
        Path file = Files.copy(PlainLibOpus.embeddedFile(), folder.resolve("mine.so"));
        try (OpusEngine engine = OpusEngine.open(file.toString(), List.of());
                OpusEngine embedded = TestEngines.embedded()) {
            assertThat(engine.description().origin()).isEqualTo(file.toString());
            assertThat(engine.description().sha256())
                    .isEqualTo(embedded.description().sha256());
            assertThat(LoadedLibrary.count()).isEqualTo(loadedBefore + 2);
        }
        assertThat(LoadedLibrary.count()).isEqualTo(loadedBefore);
    }

    @Test
    void enginesOfOneFileShareTheLibrary() {
        OpusEngine first = TestEngines.embedded();
        OpusEngine second = TestEngines.embedded();
        assertThat(LoadedLibrary.count()).isEqualTo(loadedBefore + 1);
        first.close();
        first.close();
        try (DecoderWorkspace workspace = second.newWorkspace(1)) {
            second.newDecoder(TestEngines.settings(48_000, 1), workspace).close();
        }
        second.close();
        assertThat(LoadedLibrary.count()).isEqualTo(loadedBefore);
    }

    @Test
    void anEngineSaysHowItWasAskedForThoughItSharesTheLibrary() {
        String file = PlainLibOpus.embeddedFile().toString();
        try (OpusEngine embedded = TestEngines.embedded();
                OpusEngine path = OpusEngine.open(file, List.of())) {
            assertThat(LoadedLibrary.count()).isEqualTo(loadedBefore + 1);
            assertThat(embedded.description().origin()).isEqualTo("embedded");
            assertThat(path.description().origin()).isEqualTo(file);
        }
    }

    @Test
    void aLibraryStaysUntilTheLastDecoderIsClosed() {
        OpusEngine engine = TestEngines.embedded();
        DecoderWorkspace workspace = engine.newWorkspace(1);
        OpusDecoder decoder = engine.newDecoder(TestEngines.settings(48_000, 1), workspace);
        engine.close();
        workspace.close();
        assertThat(LoadedLibrary.count()).isEqualTo(loadedBefore + 1);
        decoder.close();
        assertThat(LoadedLibrary.count()).isEqualTo(loadedBefore);
    }

    @Test
    void openingAgainAndAgainDefinesNoFurtherClasses() {
        Class<?> first = bindingClass();
        for (int i = 0; i < 20; i++) {
            assertThat(bindingClass()).isSameAs(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Embedded", "libopus.so", "../libopus.so"})
    void whatIsNoChoiceIsRefused(String library) {
        assertThatThrownBy(() -> OpusEngine.open(library, List.of()))
                .isInstanceOf(OpusLibraryException.class)
                .hasMessage("opus.library is \"" + library
                        + "\": take auto, embedded, system, java, or the absolute path of a libopus");
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        Path file = folder.resolve("libopus.so");
        assertThatThrownBy(() -> OpusEngine.open(file.toString(), List.of()))
                .isInstanceOf(OpusLibraryException.class)
                .hasMessage(file + " cannot be opened: there is no such file");
    }

    @Test
    void aFileThatIsNoLibraryIsNamed() throws IOException {
        Path file =
                Files.writeString(folder.resolve("libopus.so"), "no library").toRealPath();
        assertThatThrownBy(() -> OpusEngine.open(file.toString(), List.of()))
                .isInstanceOf(OpusLibraryException.class)
                .hasMessageStartingWith(file + " cannot be loaded: ")
                .hasMessageNotContaining("\n");
        assertThat(LoadedLibrary.count()).isEqualTo(loadedBefore);
    }

    @Test
    void aLibraryBesideTheOneAskedForIsNotTaken() throws IOException {
        Path file =
                Files.writeString(folder.resolve("libopus.so"), "no library").toRealPath();
        Files.copy(PlainLibOpus.embeddedFile(), folder.resolve("libopus.so.0"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> OpusEngine.open(file.toString(), List.of()))
                .isInstanceOf(OpusLibraryException.class)
                .hasMessageStartingWith(file.toString());
    }

    @Test
    void aLibraryThatIsNotLibopusNamesTheMissingFunction() throws IOException {
        assumeTrue(Platform.isLinux(), "the library that is taken for one is Linux's");
        Path file = libraryOfJava();
        assertThatThrownBy(() -> OpusEngine.open(file.toString(), List.of()))
                .isInstanceOf(OpusLibraryException.class)
                .hasMessageStartingWith(file + " is no libopus that can be used: ")
                .hasMessageContaining("opus_decoder_ctl");
        assertThat(LoadedLibrary.count()).isEqualTo(loadedBefore);
    }

    @Test
    void autoNamesAllThatWasTriedIfNothingWorks() {
        // Of an unknown machine nothing is embedded, and on this one there are no DLLs, whatever is installed.
        String system = System.getProperty("os.name");
        String architecture = System.getProperty("os.arch");
        System.setProperty("os.name", "Windows 95");
        System.setProperty("os.arch", "sparc");
        try {
            assertThatThrownBy(() -> OpusEngine.open("auto", List.of(folder)).close())
                    .isInstanceOf(OpusLibraryException.class)
                    .hasMessageContaining("embedded: no libopus for windows on sparc in this jar")
                    .hasMessageContaining("system: no opus.dll or libopus-0.dll or libopus.dll in /")
                    .hasMessageContaining("Install libopus, or set opus.library");
        } finally {
            System.setProperty("os.name", system);
            System.setProperty("os.arch", architecture);
        }
    }

    private static Path extractedTo(List<Path> folders) {
        try (OpusEngine engine = OpusEngine.open("embedded", folders)) {
            return Path.of(engine.description().file());
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static Class<?> bindingClass() {
        LoadedLibrary library = LoadedLibrary.open("embedded", PlainLibOpus.embeddedFile());
        try {
            return library.bound().functions().getClass();
        } finally {
            library.release();
        }
    }

    /** A shared library that is in every process of Java on Linux, and has nothing of libopus. */
    private static Path libraryOfJava() throws IOException {
        return Path.of(System.getProperty("java.home"), "lib", "libzip.so").toRealPath();
    }
}
