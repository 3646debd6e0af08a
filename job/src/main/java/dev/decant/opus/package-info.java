/**
 * Opus decoders and the memory they live in: the only package that touches native code. {@link dev.decant.opus.OpusEngine}
 * is the door.
 */
package dev.decant.opus;
