package dev.decant.kafka;

import dev.decant.audio.PcmFormat;

/**
 * What is known of a begun chunk without its PCM.
 *
 * @param format the shape of its samples
 * @param segment the segment that it is of
 * @param position of its first sample
 * @param end the position after its last sample so far
 */
record ChunkSpan(PcmFormat format, int segment, long position, long end) {}
