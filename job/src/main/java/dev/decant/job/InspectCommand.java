package dev.decant.job;

import dev.decant.audio.Printable;
import dev.decant.container.Recording;
import dev.decant.container.RecordingSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what is in recordings. */
@Command(
        name = "inspect",
        description =
                "Show header, packets, durations, modes and bandwidths of Opus recordings (Ogg, WebM, Matroska, MP4).",
        footer = "Exit code: 0 if every recording can be read, 1 if one cannot.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Opus recordings (Ogg, WebM, Matroska, MP4).")
    private List<Path> files;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        int exitCode = 0;
        for (RecordingFile file : RecordingFile.of(files)) {
            try (Recording recording = file.open()) {
                spec.commandLine()
                        .getOut()
                        .println(RecordingSummary.of(recording).toText());
            } catch (IOException unreadable) {
                spec.commandLine().getErr().println("decant: " + Printable.of(unreadable.getMessage()));
                exitCode = UsageException.FAILED;
            }
        }
        return exitCode;
    }
}
