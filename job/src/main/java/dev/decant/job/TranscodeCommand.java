package dev.decant.job;

import dev.decant.decode.Decoding;
import dev.decant.file.RecordingStatus;
import dev.decant.file.Report;
import dev.decant.local.LocalFileSystems;
import dev.decant.local.LocalFlink;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Decodes a tree of recordings into files. */
@Command(
        name = "transcode",
        description = {
            "Decode a tree of Opus recordings (Ogg, WebM, Matroska, MP4) into PCM files of the same names.",
            "OUT/_report.jsonl says of each what became of it."
        },
        footer = "Exit code: 0 if every recording was decoded whole, 3 if some were not.",
        mixinStandardHelpOptions = true)
final class TranscodeCommand implements Callable<Integer> {
    private static final long METRICS_MILLIS = 500;
    private static final int RESTARTS = 3;

    @Mixin
    private OptionValues options = new OptionValues();

    @Parameters(
            index = "0",
            paramLabel = "IN",
            description =
                    "The folder of the recordings, or one recording: a path, or a URI of any file system of Flink.")
    private String in;

    @Parameters(index = "1", paramLabel = "OUT", description = "The folder for the files and the report.")
    private String out;

    @Spec
    private CommandSpec spec;

    private TranscodeCommand() {}

    static CommandSpec create() {
        TranscodeCommand command = new TranscodeCommand();
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        command.options.addFlags(spec, DecantOptions.TRANSCODE_FLAGS);
        command.options.addFlags(spec, DecantOptions.DECODING_FLAGS);
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        Configuration given = options.toConfiguration();
        return Decant.isLaunched() ? runHere(given) : submit(given);
    }

    /** Flink's client has set the environment up: this becomes a job of its cluster. */
    private int submit(Configuration given) throws Exception {
        StreamExecutionEnvironment cluster = StreamExecutionEnvironment.getExecutionEnvironment();
        TranscodeJob job = TranscodeJob.of(Locations.path(in), Locations.path(out), given, cluster.getConfiguration());
        job.prepare();
        job.addTo(cluster);
        long start = System.nanoTime();
        JobExecutionResult result = cluster.execute(jobName());
        if (!result.isJobExecutionResult()) {
            terminal()
                    .println("The job is on its own. Once it is over, ./decant report " + out
                            + " makes one report of what it has reported");
            return 0;
        }
        return end(job, start);
    }

    private int runHere(Configuration given) throws Exception {
        Decoding.requirePossibleHere(TranscodeJob.decoding(given));
        Configuration local = new Configuration(given);
        // Whoever waits for the end of it wants to see a failure, not a job that tries for ever.
        setUnlessSaid(local, RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        setUnlessSaid(local, RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, RESTARTS);
        setUnlessSaid(local, MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofMillis(METRICS_MILLIS));
        LocalFileSystems.initialize(local);
        try (LocalFlink flink = LocalFlink.start(local)) {
            setUnlessSaid(
                    local,
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                    flink.folder().resolve("checkpoints").toUri().toString());
            StreamExecutionEnvironment environment = flink.newEnvironment();
            TranscodeJob job =
                    TranscodeJob.of(Locations.path(in), Locations.path(out), local, environment.getConfiguration());
            job.prepare();
            job.addTo(environment);
            long start = System.nanoTime();
            JobClient client = environment.executeAsync(jobName());
            new TranscodeProgress(flink.webUrl(), client.getJobID(), job.rate(), terminal(), System.console() != null)
                    .show(client.getJobExecutionResult());
            return end(job, start);
        }
    }

    private int end(TranscodeJob job, long start) throws Exception {
        Report.Summary summary = job.report();
        TranscodeSummary all = new TranscodeSummary(summary, job.reportPath());
        // What an earlier run has done took no time of this one.
        all.print(terminal(), job.resumes() ? "" : all.speed((System.nanoTime() - start) / 1e9));
        return summary.count(RecordingStatus.OK) == summary.total() ? 0 : UsageException.SOME_FAILED;
    }

    private String jobName() {
        return "Decant: " + in;
    }

    private PrintWriter terminal() {
        return spec.commandLine().getOut();
    }

    private static <T> void setUnlessSaid(Configuration configuration, ConfigOption<T> option, T value) {
        if (!configuration.contains(option)) {
            configuration.set(option, value);
        }
    }
}
