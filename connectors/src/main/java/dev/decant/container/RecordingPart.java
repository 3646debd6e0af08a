package dev.decant.container;

import dev.decant.audio.OpusPacket;

/**
 * What goes on at once.
 *
 * @param packet a packet; with {@code end} the end of the stream, or null if the stream was never begun
 * @param end the end of the recording; null before that
 */
record RecordingPart(OpusPacket packet, RecordingEnd end) {}
