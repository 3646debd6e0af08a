package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.decant.audio.ChannelLayout;
import dev.decant.audio.Digests;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That the addresses in the state of a decoder of several streams are those in the states of its streams. */
class PointerMapsTest {
    static Stream<Path> libraries() {
        return Stream.of(PlainLibOpus.embeddedFile(), OtherLibopus.file());
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void holdForEveryLayout(Path file) throws Exception {
        assumeTrue(CpuFeatures.ofThisMachine().areKnown(), "images cannot be made on this operating system");
        try (BoundLibrary library = new BoundLibrary(file.toRealPath());
                LibraryCopy copy = new LibraryCopy(library.file(), Digests.sha256Hex(file), List.of())) {
            PointerSearch search = new PointerSearch(library, copy);
            PointerMaps maps = PointerMaps.of(library, search);
            for (ChannelLayout layout : TestLayouts.ALL) {
                PointerMap map = maps.of(layout);
                assertThatCode(() -> search.requireMapOf(layout, map)).doesNotThrowAnyException();
                assertThatThrownBy(() -> search.requireMapOf(layout, ofOneStreamLess(map, layout)))
                        .isInstanceOf(NoImagesException.class)
                        .hasMessageContaining("are addresses besides");
                assertThatThrownBy(() -> search.requireMapOf(layout, shifted(map)))
                        .isInstanceOf(NoImagesException.class);
            }
        }
    }

    private static PointerMap ofOneStreamLess(PointerMap map, ChannelLayout layout) {
        int count = map.addresses().length / layout.streamCount();
        return new PointerMap(map.stateBytes(), Arrays.copyOf(map.addresses(), map.addresses().length - count));
    }

    private static PointerMap shifted(PointerMap map) {
        return new PointerMap(
                map.stateBytes(),
                Arrays.stream(map.addresses()).map(word -> word + 1).toArray());
    }
}
