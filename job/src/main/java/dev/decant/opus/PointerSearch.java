package dev.decant.opus;

import dev.decant.audio.ChannelLayout;
import java.util.List;

/**
 * Finds out which words of a decoder's state are addresses. Nothing but an experiment tells: decoders of the library and
 * of a copy of it are told the same, and compared; see {@link StateComparison}.
 */
final class PointerSearch {
    private static final int FULL_RATE = 48_000;
    private static final int[] RATES = {FULL_RATE, 24_000, 16_000, 12_000, 8_000};

    /** Switches everything on that libraries with neural extensions have. */
    private static final int HIGHEST_COMPLEXITY = 10;

    private final BoundLibrary library;
    private final BoundLibrary copy;
    private final FileMappings mappings;
    private final LibraryRange libraryRange;
    private final LibraryRange copyRange;
    private final TrialSteps steps;

    /**
     * @throws NoImagesException if it cannot be known where the libraries lie, or there are no packets to try
     */
    PointerSearch(BoundLibrary library, LibraryCopy copy) throws NoImagesException {
        this.library = library;
        this.copy = copy.library();
        mappings = FileMappings.ofThisProcess();
        libraryRange = LibraryRange.of(library.codeAddress(), mappings, copy.bytes());
        copyRange = LibraryRange.of(this.copy.codeAddress(), mappings, copy.bytes());
        steps = TrialPackets.of(this.copy.encoder());
    }

    /** Where the library lies. */
    LibraryRange libraryRange() {
        return libraryRange;
    }

    /**
     * The map of plain decoders with so many channels.
     *
     * @throws NoImagesException if a word of a state cannot be explained
     */
    PointerMap find(int channels) throws NoImagesException {
        ChannelLayout layout = ChannelLayout.plain(channels);
        StateComparison comparison = new StateComparison(libraryRange, copyRange);
        // What depends on the rate is the resampler at the end, which a few packets of each kind bring to all it can
        // be.
        for (int rate : RATES) {
            play(rate == FULL_RATE ? steps.all() : steps.some(), comparison, rate, layout, 0);
        }
        play(steps.some(), comparison, FULL_RATE, layout, HIGHEST_COMPLEXITY);
        return new PointerMap(library.functions().opus_decoder_get_size(channels), comparison.addresses());
    }

    /**
     * Tries whether a map that was put together is that of decoders of several streams.
     *
     * @throws NoImagesException if it is not
     */
    void requireMapOf(ChannelLayout layout, PointerMap map) throws NoImagesException {
        StateComparison comparison = new StateComparison(libraryRange, copyRange);
        List<TrialStep> packets = steps.some().stream()
                .map(step -> step.inStreams(layout.streamCount()))
                .toList();
        play(packets, comparison, FULL_RATE, layout, 0);
        comparison.requireAddressesAmong(map.addresses());
    }

    /**
     * @param complexity not 0 only for libraries that know complexities; the others are let off
     */
    private void play(List<TrialStep> steps, StateComparison comparison, int rate, ChannelLayout layout, int complexity)
            throws NoImagesException {
        try (TrialDecoder original = new TrialDecoder(library, rate, layout);
                TrialDecoder copied = new TrialDecoder(copy, rate, layout)) {
            if (complexity != 0 && !(original.setComplexity(complexity) && copied.setComplexity(complexity))) {
                return;
            }
            comparison.compare(original.words(), copied.words());
            comparison.requireNoOtherAddress(original.words(), mappings);
            for (TrialStep step : steps) {
                int expected = original.play(step);
                int actual = copied.play(step);
                if (actual != expected) {
                    throw new NoImagesException("a copy decodes otherwise: " + actual + " instead of " + expected);
                }
                comparison.compare(original.words(), copied.words());
            }
            // Not after every step: sooner or later samples would look like an address.
            comparison.requireNoOtherAddress(original.words(), mappings);
        }
    }
}
