package dev.decant.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StateComparisonTest {
    private static final long HERE = 0x7f00_1000_0000L;
    private static final long THERE = 0x7f00_5000_0000L;

    private final StateComparison comparison =
            new StateComparison(new LibraryRange(HERE, 0x1000), new LibraryRange(THERE, 0x1000));

    @Test
    void wordsThatDifferAsTheLibrariesDoAreAddresses() throws NoImagesException {
        comparison.compare(new long[] {0, 7, HERE, 0, -1}, new long[] {0, 7, THERE, 0, -1});
        // An address that was null, and one that is null again.
        comparison.compare(new long[] {9, 7, 0, HERE + 0xFFF, -1}, new long[] {9, 7, 0, THERE + 0xFFF, -1});
        assertThat(comparison.addresses()).containsExactly(2, 3);
    }

    @Test
    void aWordThatDiffersOtherwiseIsNotExplained() {
        assertThatThrownBy(() -> comparison.compare(new long[] {1, HERE}, new long[] {1, THERE + 8}))
                .isInstanceOf(NoImagesException.class)
                .hasMessage("word 1 of two decoders that were told the same is 7f0010000000 in one and 7f0050000008 in"
                        + " the other, which is no address of the library");
    }

    @Test
    void aWordOutsideTheLibraryIsNotExplainedByItsDistance() {
        long[] beyond = {HERE + 0x1000};
        long[] before = {HERE - 1};
        assertThatThrownBy(() -> comparison.compare(beyond, new long[] {THERE + 0x1000}))
                .isInstanceOf(NoImagesException.class);
        assertThatThrownBy(() -> comparison.compare(before, new long[] {THERE - 1}))
                .isInstanceOf(NoImagesException.class);
    }

    @Test
    void anAddressMustNotBeSomethingElseAtTimes() throws NoImagesException {
        comparison.compare(new long[] {HERE}, new long[] {THERE});
        comparison.compare(new long[] {5}, new long[] {5});
        assertThatThrownBy(comparison::addresses)
                .isInstanceOf(NoImagesException.class)
                .hasMessage("words {0} are addresses at times, and something else at others");
    }

    @Test
    void anAddressInAnotherLibraryIsFound() throws NoImagesException {
        FileMappings mappings = FileMappings.of(List.of(
                "7f0010000000-7f0010001000 r-xp 00000000 fe:01 11 /lib/wrapper.so",
                "7f0020000000-7f0020001000 r-xp 00000000 fe:01 12 /lib/the real one.so",
                "7f0020001000-7f0020002000 rw-p 00001000 fe:01 12 /lib/the real one.so"));
        long[] state = {3, HERE, 0x7f00_2000_1008L};
        comparison.compare(new long[] {3, HERE, 0}, new long[] {3, THERE, 0});
        comparison.requireNoOtherAddress(new long[] {3, HERE, 0x7f00_2000_2000L}, mappings);
        assertThatThrownBy(() -> comparison.requireNoOtherAddress(state, mappings))
                .isInstanceOf(NoImagesException.class)
                .hasMessage("word 2 of a decoder points into another file: fe:01 12 /lib/the real one.so");
    }
}
