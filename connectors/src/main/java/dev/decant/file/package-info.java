/**
 * PCM into files: one WAV a stream, or one a piece of a stream, exactly once, on every file system that Flink opens.
 * The door is {@link dev.decant.file.WavFiles}; {@link dev.decant.file.WavManifest} reads what was written.
 */
package dev.decant.file;
