/**
 * The vocabulary that every other package speaks: packets, headers, PCM, and where a record came from. Everything here
 * is immutable by contract (arrays are handed over, never changed afterwards), so Flink may pass it on without copying.
 */
package dev.decant.audio;
