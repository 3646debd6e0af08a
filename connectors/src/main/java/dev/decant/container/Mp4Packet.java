package dev.decant.container;

/**
 * A packet of a track.
 *
 * @param sample where it is and when
 * @param payload its bytes, at least one
 * @param afterLoss whether samples before it could not be had
 */
record Mp4Packet(Mp4Sample sample, byte[] payload, boolean afterLoss) {}
