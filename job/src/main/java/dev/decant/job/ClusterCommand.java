package dev.decant.job;

import static dev.decant.job.UsageException.usage;

import dev.decant.local.FlinkCluster;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A cluster whose processes can be killed, for who wants to see what becomes of a job then. */
@Command(
        name = "cluster",
        description = {
            "Keep a Flink cluster on this machine, to try things out with: a JobManager and a TaskManager, each a process.",
            "A TaskManager that ends, since it was killed for instance, is replaced. The cluster listens on 127.0.0.1 only and"
                    + " asks nobody for a password. On Ctrl-C, or when the process that started it is gone, it ends, and its"
                    + " files are deleted."
        },
        mixinStandardHelpOptions = true)
final class ClusterCommand implements Callable<Integer> {
    @Option(
            names = "--port",
            paramLabel = "<port>",
            defaultValue = "8081",
            description =
                    "Where its web UI and its REST API listen; 0 for any port that is free. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--slots",
            paramLabel = "<number>",
            defaultValue = "2",
            description = "Slots of the TaskManager: as many subtasks can run at once. Default: ${DEFAULT-VALUE}")
    private int slots;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (slots < 1) {
            throw usage("--slots is " + slots + ": take 1 or more");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (FlinkCluster cluster = FlinkCluster.startAt(Ports.require(port), 1, slots)) {
            out.println("TaskManager: process " + cluster.taskManagerPids().get(0));
            out.println("Flink cluster at " + cluster.restUrl() + "; Ctrl-C ends it");
            cluster.replaceTaskManagersUntilEndOfParent((ended, next) ->
                    out.println("TaskManager process " + ended + " has ended; process " + next + " takes its place"));
        }
        return 0;
    }
}
