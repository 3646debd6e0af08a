package dev.decant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A way to turn a tree of recordings into WAV files, 48 kHz s16le.
 *
 * @param name as the table has it
 * @param program what must be there: a path, or a name that is looked for where the shell looks
 * @param makesFolders whether it makes the folders below its output; else they are made for it, which it does not pay for
 * @param invocation its command
 */
record Transcoder(String name, String program, boolean makesFolders, Invocation invocation) {

    /** A command for two folders: one of recordings, one that holds no files yet. */
    interface Invocation {
        List<String> command(Path in, Path out);
    }

    /**
     * @param launcher the script {@code decant}
     */
    static Transcoder decant(Path launcher) {
        return new Transcoder(
                "`decant transcode`",
                launcher.toString(),
                true,
                (in, out) ->
                        List.of(launcher.toString(), "transcode", in.toString(), out.toString(), "--format", "wav"));
    }

    /**
     * @param program the compiled {@code transcode.c}
     * @param library path of the libopus it decodes with
     */
    static Transcoder inC(Path program, String library) {
        return new Transcoder(
                "a C program, the same libopus, one process",
                program.toString(),
                true,
                (in, out) -> List.of(program.toString(), library, in.toString(), out.toString()));
    }

    /**
     * @param decoder a name of one of its decoders
     */
    static Transcoder ffmpeg(String decoder) {
        return script(
                "ffmpeg",
                "-c:a " + decoder,
                "ffmpeg -nostdin -loglevel error -threads 1 -c:a " + decoder + " -i {} \"$2\"/{}.wav");
    }

    static Transcoder opusdec() {
        return script("opusdec", "--no-dither", "opusdec --quiet --rate 48000 --no-dither {} \"$2\"/{}.wav");
    }

    /** A process for each recording, as it is written in a shell; as many at a time as there are processors. */
    private static Transcoder script(String program, String what, String command) {
        String script = "cd \"$1\" && find . -name '*.opus' -print0 | xargs -0 -P"
                + Runtime.getRuntime().availableProcessors() + " -I{} " + command;
        return new Transcoder(
                "`" + program + " " + what + "`, a process each",
                program,
                false,
                (in, out) -> List.of("sh", "-c", script, "sh", in.toString(), out.toString()));
    }

    boolean isInstalled() {
        return isInstalled(program);
    }

    /**
     * @param program a path, or a name that is looked for where the shell looks
     */
    static boolean isInstalled(String program) {
        if (program.contains("/")) {
            return Files.isExecutable(Path.of(program));
        }
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /**
     * Transcodes a corpus, and sees to it that all of it was.
     *
     * @param out does not exist yet
     * @param log what it prints is added to it
     * @throws BenchException if it fails, or files or samples are missing
     */
    ProcessCost run(Corpus corpus, Path out, Path target, Path log) throws IOException {
        Files.createDirectory(out);
        if (!makesFolders) {
            copyFolders(corpus.folder(), out);
        }
        ProcessCost cost =
                ProcessCost.of(invocation.command(corpus.folder().toAbsolutePath(), out.toAbsolutePath()), target, log);
        WavFiles.in(out).requireAllOf(corpus, name);
        return cost;
    }

    private static void copyFolders(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            Iterator<Path> folders = tree.filter(Files::isDirectory).iterator();
            while (folders.hasNext()) {
                Files.createDirectories(to.resolve(from.relativize(folders.next())));
            }
        }
    }
}
