package dev.decant.container;

import java.util.Objects;

/**
 * A recording that is to be read, or something that was to be one and cannot be read at all.
 *
 * @param name its path below the input folder, elements parted by single slashes; with a slash at the end it is a folder
 *     that could not be walked through. What is refused may be called something else
 * @param outputName what its output is called below the output folder ({@link OutputNames})
 * @param path its whole path within its file system
 * @param refusal why it is not even opened; null if it is
 */
record FoundRecording(String name, String outputName, String path, RecordingProblem refusal) {
    FoundRecording {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(outputName, "outputName");
        Objects.requireNonNull(path, "path");
    }
}
