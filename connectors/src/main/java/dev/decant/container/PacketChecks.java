package dev.decant.container;

import java.io.Serializable;

/**
 * What packets of a recording must meet to go on.
 *
 * @param channels of the output: 1 or 2; null: those of the recording
 * @param maxStreams the most Opus streams that a packet may hold, 1 to 255
 */
record PacketChecks(Integer channels, int maxStreams) implements Serializable {}
