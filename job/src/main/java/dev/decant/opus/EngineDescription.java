package dev.decant.opus;

/**
 * What was loaded.
 *
 * @param origin {@code embedded}, {@code system}, {@code java} or the path that was asked for
 * @param file the file that was opened, or the jar of the pure Java engine
 * @param sha256 of that file, in hexadecimal: the only thing that identifies a build of libopus
 * @param version what the library says of itself ({@code opus_get_version_string})
 * @param monoStateBytes bytes of the state of a mono decoder; 0 for pure Java
 * @param stereoStateBytes of a stereo decoder
 */
public record EngineDescription(
        String origin, String file, String sha256, String version, int monoStateBytes, int stereoStateBytes) {

    EngineDescription withOrigin(String other) {
        return new EngineDescription(other, file, sha256, version, monoStateBytes, stereoStateBytes);
    }
}
