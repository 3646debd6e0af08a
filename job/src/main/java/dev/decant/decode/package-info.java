/**
 * The Flink side of decoding: packets are put in order and turned into decode steps, and each step into one frame of
 * PCM. {@link dev.decant.decode.Decoding} is the door.
 */
package dev.decant.decode;
