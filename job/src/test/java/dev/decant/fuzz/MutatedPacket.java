package dev.decant.fuzz;

/**
 * Bytes for a decoder to be tried with.
 *
 * @param bytes not to be changed
 * @param mutation what was done to them last
 */
public record MutatedPacket(byte[] bytes, Mutation mutation) {}
