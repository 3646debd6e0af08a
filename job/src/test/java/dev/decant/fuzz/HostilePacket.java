package dev.decant.fuzz;

import dev.decant.audio.OpusPacket;

/**
 * A packet of a {@link Scenario}.
 *
 * @param packet what is known of it; its origin's offset is its index in the run. By RTP it is yet to be read
 * @param rtp the RTP packet that it comes as, or null if it does not come by RTP
 * @param mutation what was done to its bytes last
 * @param lie what is wrong with what is said of it
 */
public record HostilePacket(OpusPacket packet, byte[] rtp, Mutation mutation, Lie lie) {}
