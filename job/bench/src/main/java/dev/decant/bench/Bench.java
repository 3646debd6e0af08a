package dev.decant.bench;

import dev.decant.local.LocalException;
import dev.decant.opus.OpusLibraryException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code job/bench/run}: measures the rows that are named, or all, and prints them as a table. */
@Command(name = "run", description = "Measures what decoding costs, and what it costs to be able to come back.")
final class Bench implements Callable<Integer> {

    /** Every row there is, in the order of the table. */
    private static List<Row> rows(Path target) {
        List<Row> rows = new ArrayList<>();
        rows.addAll(DecoderRow.all(target));
        rows.addAll(PipelineRow.all(target));
        rows.add(FirstSecondsRow.of(target));
        rows.addAll(GrowthRow.all(target));
        rows.add(ShortStreamsRow.of(target));
        rows.addAll(RecoveryRow.all(target));
        rows.addAll(EvictionRow.all(target));
        rows.addAll(KafkaRow.all(target));
        rows.add(RecordingsRow.of(target));
        rows.add(FailoverRow.of(target));
        rows.add(LatencyRow.of(target));
        return rows;
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Rows to measure; all if none is named.")
    private Set<String> names = new LinkedHashSet<>();

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the rows, with every repetition, to FILE.")
    private Path json;

    @Option(
            names = "--quick",
            description = "Take a fraction of the repetitions, a minute or so a row: nothing is judged.")
    private boolean quick;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    @Option(names = "--target", hidden = true, required = true, description = "Where the C loop was compiled to.")
    private Path target;

    public static void main(String[] arguments) {
        System.exit(execute(new Bench(), arguments));
    }

    /** Runs a command; what is wrong is one sentence, and exit code 2 for the call, 1 for all else. */
    static int execute(Callable<Integer> command, String[] arguments) {
        CommandLine line = new CommandLine(command);
        line.setParameterExceptionHandler((exception, ignored) -> fail(line, 2, exception.getMessage()));
        line.setExecutionExceptionHandler((exception, ignored, parsed) -> {
            if (exception instanceof BenchException) {
                return fail(line, 1, exception.getMessage());
            }
            throw exception;
        });
        return line.execute(arguments);
    }

    private static int fail(CommandLine line, int exitCode, String sentence) {
        System.err.println(line.getCommandName() + ": " + sentence);
        return exitCode;
    }

    @Override
    public Integer call() throws IOException {
        List<Row> chosen = chosen();
        String command = "job/bench/run " + (quick ? "--quick " : "")
                + chosen.stream().map(Row::name).collect(Collectors.joining(" "));
        Effort effort = quick ? Effort.QUICK : Effort.FULL;
        Report report = new Report(System.out, new ResultsFile(json, command, Machine.describe(List.of())), effort);
        report.start();
        for (Row row : chosen) {
            System.err.println("measuring " + row.name() + ": " + row.description());
            measure(row, effort, report);
        }
        return 0;
    }

    /** What goes wrong is told with the name of the row. */
    private static void measure(Row row, Effort effort, Report report) {
        try {
            report.add(row, row.measurement().measure(effort));
        } catch (NotMeasuredException e) {
            report.addNotMeasured(row, e.getMessage());
        } catch (LocalException | OpusLibraryException | IOException e) {
            throw new BenchException(row.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException(row.name() + " was interrupted");
        }
    }

    private List<Row> chosen() {
        List<Row> rows = rows(target);
        Set<String> unknown = new LinkedHashSet<>(names);
        rows.forEach(row -> unknown.remove(row.name()));
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there is no row " + String.join(", ", unknown) + ": take "
                            + rows.stream().map(Row::name).collect(Collectors.joining(", ")));
        }
        return rows.stream()
                .filter(row -> names.isEmpty() || names.contains(row.name()))
                .toList();
    }
}
