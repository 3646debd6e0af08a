package dev.decant.job;

import dev.decant.audio.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.client.program.ProgramParametrizationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line: {@code ./decant COMMAND …} on this machine, {@code flink run decant-job.jar COMMAND …} for a cluster.
 * An error is one sentence; the exit code is 2 where the call was wrong, 1 where it was right and still did not work.
 */
@Command(
        name = "decant",
        description = "Bulk Opus decoding on Apache Flink.",
        mixinStandardHelpOptions = true,
        versionProvider = Decant.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Decant implements Runnable {
    /** Set by the launcher: this JVM is ours, and not a Flink client or a JobManager. */
    private static final String LAUNCHED = "decant.home";

    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean verbose;

    private Decant() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        int exitCode = run(arguments, out, err);
        if (isLaunched()) {
            System.exit(exitCode);
        } else if (exitCode != 0) {
            // Under "flink run" the JVM belongs to Flink's client or, in application mode, to the JobManager. This is
            // the
            // one exception that the client shows without a stack trace.
            throw new ProgramParametrizationException(
                    "decant " + String.join(" ", firstWord(arguments)) + " failed; see above");
        }
    }

    /** Whether the launcher started this JVM. */
    static boolean isLaunched() {
        return System.getProperty(LAUNCHED) != null;
    }

    /** Runs one command and returns its exit code. */
    static int run(String[] arguments, PrintWriter out, PrintWriter err) {
        Decant decant = new Decant();
        CommandLine commandLine = commandLine(decant).setOut(out).setErr(err);
        commandLine.setParameterExceptionHandler((wrong, given) -> usageError(wrong));
        commandLine.setExecutionExceptionHandler(
                (failure, command, parsed) -> failed(failure, command, decant.verbose));
        try {
            return commandLine.execute(OptionValues.withKafkaProperties(arguments));
        } catch (UsageException wrong) {
            return failed(wrong, commandLine, false);
        }
    }

    /** The commands, with the flags that are made from {@link DecantOptions}. */
    static CommandLine commandLine(Decant decant) {
        return new CommandLine(decant)
                .addSubcommand(DemoCommand.create())
                .addSubcommand(new BrokerCommand())
                .addSubcommand(new ClusterCommand())
                .addSubcommand(StreamCommand.create())
                .addSubcommand(TranscodeCommand.create())
                .addSubcommand(new ReportCommand())
                .addSubcommand(ProduceCommand.create())
                .addSubcommand(ReplayDeadLettersCommand.create())
                .addSubcommand(new InspectCommand())
                .addSubcommand(DoctorCommand.create())
                .addSubcommand(new OptionsCommand())
                .addSubcommand(new MetricsCommand())
                .setUsageHelpAutoWidth(true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command was given");
    }

    private static int usageError(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println("decant: " + Printable.of(wrong.getMessage()));
        command.getErr().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return UsageException.USAGE;
    }

    private static int failed(Exception failure, CommandLine command, boolean verbose) {
        // Some end with the lines of a log.
        command.getErr()
                .println("decant: "
                        + sentence(failure).lines().map(Printable::of).collect(Collectors.joining("\n")));
        if (verbose) {
            failure.printStackTrace(command.getErr());
        }
        return failure instanceof UsageException usage ? usage.exitCode() : UsageException.FAILED;
    }

    /**
     * What to tell about a failure: our own exceptions are sentences; behind Flink's, the innermost of ours or else the
     * root cause is what happened.
     */
    private static String sentence(Throwable failure) {
        List<Throwable> chain = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(50)
                .toList();
        Predicate<Throwable> ours =
                cause -> cause.getClass().getName().startsWith("dev.decant.") && cause.getMessage() != null;
        return chain.stream()
                .filter(ours)
                .findFirst()
                .map(Throwable::getMessage)
                .orElseGet(() -> chain.get(chain.size() - 1).toString() + " (--verbose shows where)");
    }

    private static List<String> firstWord(String[] arguments) {
        return List.of(arguments).subList(0, Math.min(1, arguments.length));
    }

    /** The version in the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Decant.class.getPackage().getImplementationVersion();
            return new String[] {"Decant " + (version == null ? "(not packaged)" : version)};
        }
    }
}
