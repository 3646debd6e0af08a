package dev.decant.job;

import dev.decant.file.RecordingStatus;
import dev.decant.file.Report;
import dev.decant.local.LocalFileSystems;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.flink.core.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes one report of what a job has reported that nobody waited for. */
@Command(
        name = "report",
        description = "Put the report of a transcoding job together that nobody waited for, and sum it up.",
        footer = "Exit code: 0 if every recording was decoded whole, 3 if some were not.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    @Mixin
    private OptionValues options = new OptionValues();

    @Parameters(paramLabel = "OUT", description = "The folder that the job wrote into. The job must be over.")
    private String out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (Decant.isLaunched()) {
            LocalFileSystems.initialize(options.toConfiguration());
        }
        Path folder = Locations.path(out);
        Report report = Report.of(folder);
        if (!report.exists()) {
            throw UsageException.usage(out + " holds no report of a transcoding job");
        }
        Report.Summary summary = report.merge();
        new TranscodeSummary(summary, report.path()).print(spec.commandLine().getOut(), "");
        return summary.count(RecordingStatus.OK) == summary.total() ? 0 : UsageException.SOME_FAILED;
    }
}
