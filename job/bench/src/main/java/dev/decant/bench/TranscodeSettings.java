package dev.decant.bench;

import java.nio.file.Path;

/**
 * What all measurements of transcoding have in common.
 *
 * @param target the folder of the compiled C programs, where logs are put as well
 * @param launcher the script {@code decant} that is measured
 * @param library path of the libopus that is embedded in it
 * @param corpora the folder that corpora are written to, or lie in
 * @param outputs the folder for what is transcoded
 * @param rounds how often each program is run
 */
record TranscodeSettings(Path target, Path launcher, String library, Path corpora, Path outputs, int rounds) {

    /** The script {@code decant} of the source tree that the benchmarks are of. */
    static Path launcherHere() {
        return Path.of(System.getProperty("decant.home"), "decant")
                .toAbsolutePath()
                .normalize();
    }

    Transcoder decant() {
        return Transcoder.decant(launcher);
    }

    Transcoder inC() {
        return Transcoder.inC(target.resolve("c-transcode"), library);
    }

    /** What the programs that are measured print. */
    Path log(String measurement) {
        return target.resolve("transcode-" + measurement + ".log");
    }
}
