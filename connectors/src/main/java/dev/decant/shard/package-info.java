/**
 * Finished audio files into Parquet files that {@code datasets} of Hugging Face reads as they are:
 * {@link dev.decant.shard.ShardWriter} is the door. Of Parquet only what that takes is written (one schema, data pages of
 * version 1, PLAIN, uncompressed), so that audio goes from its file to the shard without being held on the way.
 */
package dev.decant.shard;
