package dev.decant.job;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The whole way on this machine: recordings, a Kafka broker, the job, WAV files. */
@Command(
        name = "demo",
        description = {
            "Send recordings through a Kafka broker and the job to WAV files, all on this machine.",
            "Broker and Flink are real, are started for this, and end with it."
        },
        footer = "Exit code: 0 if every recording was decoded whole, 3 if some were not.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private OptionValues options = new OptionValues();

    @Option(
            names = "--out",
            paramLabel = "<folder>",
            defaultValue = "decant-demo",
            description = "Where the WAV files go. Default: ${DEFAULT-VALUE}")
    private Path out;

    @Parameters(
            paramLabel = "FILE",
            description = "Opus recordings (Ogg, WebM, Matroska, MP4); without any the bundled samples.")
    private List<Path> files;

    @Spec
    private CommandSpec spec;

    private DemoCommand() {}

    static CommandSpec create() {
        DemoCommand command = new DemoCommand();
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        command.options.addFlags(spec, DecantOptions.DECODING_FLAGS);
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        Configuration given = options.toConfiguration();
        List<RecordingFile> recordings = files == null ? RecordingFile.samples() : RecordingFile.of(files);
        boolean whole = new Demo(
                        recordings,
                        out.toAbsolutePath().normalize(),
                        given,
                        spec.commandLine().getOut())
                .run();
        return whole ? 0 : UsageException.SOME_FAILED;
    }
}
