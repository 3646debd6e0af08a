package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LibraryRangeTest {
    private static final List<String> MAPS = List.of(
            "00400000-00401000 r-xp 00000000 fe:01 5                          /usr/bin/old program",
            "800000000-800c00000 rw-p 00001000 fe:01 6                        /usr/lib/jvm/classes.jsa",
            "7f0000000000-7f0000001000 r--p 00000000 fe:01 7                  /lib/libopus.so.0.9.0",
            "7f0000001000-7f0000005000 r-xp 00001000 fe:01 7                  /lib/libopus.so.0.9.0",
            "7f0000005000-7f0000006000 rw-p 00005000 fe:01 7                  /lib/libopus.so.0.9.0",
            "7f0000006000-7f0000007000 rw-p 00000000 00:00 0 ",
            "7f0000010000-7f0000011000 r-xp 00000000 fe:01 8                  /tmp/new-1.part (deleted)",
            "7ffd00000000-7ffd00001000 rw-p 00000000 00:00 0                  [stack]");

    private final FileMappings mappings = FileMappings.of(MAPS);

    @Test
    void aFileBeginsWhereItsFirstPartIsMapped() throws NoImagesException {
        assertThat(mappings.startOfFileAt(0x7f00_0000_1234L)).isEqualTo(0x7f00_0000_0000L);
        assertThat(mappings.startOfFileAt(0x7f00_0001_0000L)).isEqualTo(0x7f00_0001_0000L);
        assertThatThrownBy(() -> mappings.startOfFileAt(0x7f00_0000_6000L))
                .isInstanceOf(NoImagesException.class)
                .hasMessage("its code is in no file that /proc/self/maps names");
    }

    @Test
    void aWordPointsIntoALibraryIfItHoldsCodeAndLiesHigh() {
        assertThat(mappings.libraryAt(0x7f00_0000_0000L)).hasValue("fe:01 7 /lib/libopus.so.0.9.0");
        assertThat(mappings.libraryAt(0x7f00_0000_5FFFL)).isPresent();
        assertThat(mappings.libraryAt(0x7f00_0000_6000L))
                .as("memory of no file")
                .isEmpty();
        assertThat(mappings.libraryAt(0x8_0000_0010L)).as("a file without code").isEmpty();
        assertThat(mappings.libraryAt(0x40_0010L)).as("a small number").isEmpty();
        assertThat(mappings.libraryAt(-1)).isEmpty();
    }

    @Test
    void aLibraryOfThisProcessIsFoundInAllItsLength() throws IOException, NoImagesException {
        assumeTrue(Platform.isLinux(), "only Linux tells where a library is loaded");
        byte[] file = Files.readAllBytes(PlainLibOpus.embeddedFile());
        try (BoundLibrary library = new BoundLibrary(PlainLibOpus.embeddedFile())) {
            LibraryRange range = LibraryRange.of(library.codeAddress(), FileMappings.ofThisProcess(), file);
            assertThat(range.contains(library.codeAddress())).isTrue();
            assertThat(range.contains(range.start())).isTrue();
            assertThat(range.contains(range.start() - 1)).isFalse();
            assertThat(range.contains(range.start() + range.size() - 1)).isTrue();
            assertThat(range.contains(range.start() + range.size())).isFalse();
            assertThat(range.size()).isBetween(file.length / 2L, 2L * file.length);
        }
    }

    @Test
    void whatIsNoElfFileIsRefused() throws IOException {
        byte[] file = Files.readAllBytes(PlainLibOpus.embeddedFile());
        byte[] endless = file.clone();
        Arrays.fill(endless, 32, 40, (byte) 0x7F);
        byte[] withoutSegments = file.clone();
        Arrays.fill(withoutSegments, 56, 58, (byte) 0);
        for (byte[] bytes : List.of(new byte[0], new byte[64], Arrays.copyOf(file, 100), endless, withoutSegments)) {
            assertThatThrownBy(() -> LibraryRange.of(0x7f00_0000_1234L, mappings, bytes))
                    .isInstanceOf(NoImagesException.class);
        }
    }
}
