package dev.decant.shard;

import java.io.IOException;

/** The audio of one row is longer than a shard takes. Nothing of it was read or written: the shard goes on without it. */
public final class AudioTooLongException extends IOException {
    AudioTooLongException(ShardRow row) {
        super(row.path() + ": " + row.audioBytes() + " bytes of audio are too many for a row of a shard, which takes "
                + ShardWriter.MAX_AUDIO_BYTES + " at most");
    }
}
