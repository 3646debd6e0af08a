package dev.decant.decode;

/**
 * What the header of a link, or its absence, settles for all its steps.
 *
 * @param channels of the output, 1 or 2; the first link of a stream settles them for the links that follow
 * @param gain for the decoder to apply, 1/256 dB
 * @param preSkip where on the segment's clock the PCM begins, 48 kHz ticks; 0 for one who joins in the middle
 */
record LinkSettings(int channels, int gain, int preSkip) {}
