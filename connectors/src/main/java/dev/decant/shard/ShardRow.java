package dev.decant.shard;

import dev.decant.audio.PcmFormat;
import java.util.Objects;

/**
 * What a row of a shard says of a recording; its audio file goes beside it.
 *
 * @param path the recording, relative to the input folder
 * @param audioPath what the audio file would be called below an output folder, by whose ending readers tell the format
 * @param audioBytes the length of the audio file
 * @param format the shape of the PCM in it
 * @param samples samples a channel
 * @param container what held the packets; null if nothing could be told
 * @param packets how many packets were decoded or made up for
 * @param concealedSeconds how much of it was made up
 * @param status whether the recording was whole
 * @param error what was wrong with the recording; null if nothing was
 * @param sha256 of the PCM, in hexadecimal digits
 */
public record ShardRow(
        String path,
        String audioPath,
        long audioBytes,
        PcmFormat format,
        long samples,
        String container,
        long packets,
        double concealedSeconds,
        Status status,
        String error,
        String sha256) {

    /** Whether a recording was whole. */
    public enum Status {
        OK("ok"),
        DAMAGED("damaged");

        private final String label;

        Status(String label) {
            this.label = label;
        }

        /** How a shard says it. */
        public String label() {
            return label;
        }
    }

    public ShardRow {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(audioPath, "audioPath");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(sha256, "sha256");
        if (audioBytes < 0) {
            throw new IllegalArgumentException(path + ": " + audioBytes + " bytes of audio");
        }
    }

    /** The length of the audio in seconds. */
    public double seconds() {
        return format.seconds(samples);
    }
}
