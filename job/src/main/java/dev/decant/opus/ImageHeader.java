package dev.decant.opus;

/**
 * What an image says besides the state.
 *
 * @param gain as in {@link DecoderSettings}, and as the state has it
 * @param complexity likewise
 * @param phaseInversion likewise
 * @param cpu the CPU that the decoder was first made for: it keeps to what that one could do, wherever it goes on
 */
record ImageHeader(int gain, int complexity, boolean phaseInversion, CpuFeatures cpu) {
    static ImageHeader of(DecoderSettings settings, CpuFeatures cpu) {
        return new ImageHeader(settings.gain(), settings.complexity(), settings.phaseInversion(), cpu);
    }
}
