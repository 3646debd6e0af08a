package dev.decant.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.deployment.StandaloneClusterId;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.taskmanager.TaskManagerInfo;
import org.apache.flink.runtime.rest.messages.taskmanager.TaskManagersHeaders;
import org.apache.flink.runtime.rest.messages.taskmanager.TaskManagersInfo;
import org.apache.flink.runtime.webmonitor.handlers.JarRunHeaders;
import org.apache.flink.runtime.webmonitor.handlers.JarRunMessageParameters;
import org.apache.flink.runtime.webmonitor.handlers.JarRunRequestBody;

/**
 * A real Flink session cluster: a JobManager and TaskManagers, each a process of its own as in production, on 127.0.0.1.
 * Checkpoints, logs and temporary files are in one temporary folder. Without high availability: jobs do not survive the
 * JobManager.
 *
 * <p>Whoever starts it closes it. It goes away with this JVM too, even if that is killed.
 */
public final class FlinkCluster implements AutoCloseable {
    private static final Duration TIME_TO_START = Duration.ofSeconds(120);
    private static final Duration TIME_FOR_A_COMMAND = Duration.ofMinutes(5);

    /** Flink's name for the folder of the jars that came by the web UI, in {@code web.upload.dir}. */
    private static final String UPLOADED_JARS = "flink-web-upload";

    private final ProcessFolder folder;
    private final FlinkCommands commands;
    private final RestClusterClient<StandaloneClusterId> client;
    /** By index; those that are gone are not among them. */
    private final SortedMap<Integer, ChildProcess> taskManagers = new TreeMap<>();

    private int taskManagersStarted;
    private int commandsRun;
    private ChildProcess jobManager;

    private FlinkCluster(ProcessFolder folder, FlinkCommands commands, RestClusterClient<StandaloneClusterId> client) {
        this.folder = folder;
        this.commands = commands;
        this.client = client;
    }

    /** {@link #start(int, int, Configuration)} with nothing overridden. */
    public static FlinkCluster start(int taskManagers, int slots) throws InterruptedException {
        return start(taskManagers, slots, new Configuration());
    }

    /**
     * {@link #start(int, int)} with the REST API and the web UI on a port that is known beforehand.
     *
     * @param port 0 for any that is free
     * @throws LocalException if the port is taken
     */
    public static FlinkCluster startAt(int port, int taskManagers, int slots) throws InterruptedException {
        Configuration overrides = new Configuration();
        if (port != 0) {
            overrides
                    .set(RestOptions.PORT, FreePorts.requireFree(port))
                    .set(RestOptions.BIND_PORT, String.valueOf(port));
        }
        return start(taskManagers, slots, overrides);
    }

    /**
     * Starts a cluster and returns when its slots can be used.
     *
     * @param taskManagers how many, at least 0
     * @param slots task slots of each TaskManager, at least 1
     * @param overrides configuration of the cluster that differs from the usual, which is: little memory, quick heartbeats,
     *     no checkpoints unless the job asks for them
     * @throws LocalException if it does not come up; the message names the cause as the logs have it
     */
    public static FlinkCluster start(int taskManagers, int slots, Configuration overrides) throws InterruptedException {
        return start(taskManagers, slots, overrides, List.of());
    }

    /**
     * {@link #start(int, int, Configuration)} with more on the class path of its processes.
     *
     * @param lib jars that a user has put into the folder {@code lib} of the distribution
     */
    public static FlinkCluster start(int taskManagers, int slots, Configuration overrides, List<Path> lib)
            throws InterruptedException {
        if (taskManagers < 0 || slots < 1) {
            throw new IllegalArgumentException(
                    "taskManagers=" + taskManagers + ", slots=" + slots + ": should be at least 0 and 1");
        }
        DecantHome home = DecantHome.find();
        ProcessFolder folder = ProcessFolder.create("decant-flink");
        try {
            FlinkCommands commands = FlinkCommands.write(folder, home, slots, overrides, lib);
            FlinkCluster cluster = new FlinkCluster(folder, commands, clientOf(commands.configuration()));
            try {
                cluster.launchJobManager();
                for (int i = 0; i < taskManagers; i++) {
                    cluster.launchTaskManager();
                }
                cluster.awaitRegistration();
                return cluster;
            } catch (Throwable e) {
                cluster.client.close();
                throw e;
            }
        } catch (Throwable e) {
            folder.close();
            throw e;
        }
    }

    /** The address of the REST API and of the web UI. */
    public String restUrl() {
        return client.getWebInterfaceURL();
    }

    /** What Flink's own client can do with the cluster and its jobs: status, cancel, savepoint. It is closed with the cluster. */
    public ClusterClient<?> client() {
        return client;
    }

    /** Where configuration, logs, checkpoints and temporary files of all its processes are. */
    public Path folder() {
        return folder.path();
    }

    /** The process IDs of the JobManager and the TaskManagers that are alive. */
    public List<Long> pids() {
        return processes().filter(ChildProcess::isAlive).map(ChildProcess::pid).toList();
    }

    /** The process ID of the JobManager, another one after each {@link #restartJobManager()}. */
    public long jobManagerPid() {
        return jobManager.pid();
    }

    /** All that the JobManager has logged. */
    public String jobManagerLog() {
        return jobManager.output();
    }

    /**
     * All that a TaskManager that was not killed has logged.
     *
     * @param index in the order of starting, from 0
     */
    public String taskManagerLog(int index) {
        return taskManagers.get(index).output();
    }

    /** The indexes of the TaskManagers that were not killed, in the order of starting. */
    public SortedSet<Integer> taskManagers() {
        return new TreeSet<>(taskManagers.keySet());
    }

    /** The process IDs of the TaskManagers that were not killed by {@link #killTaskManager}, in the order of starting. */
    public List<Long> taskManagerPids() {
        return taskManagers.values().stream().map(ChildProcess::pid).toList();
    }

    /**
     * Submits a job as users do, by {@code flink run -d jar arguments}, and returns when that program has ended. What it
     * was told, and whether that was an error, is in the result.
     *
     * @throws LocalException if the program does not end
     */
    public CommandResult submit(Path jar, String... arguments) throws InterruptedException {
        return flink(Stream.concat(Stream.of("run", "-d", jar.toString()), Arrays.stream(arguments))
                .toArray(String[]::new));
    }

    /**
     * Submits a job as the web UI does: the JobManager runs the program, in its own process. Returns when it has submitted
     * the job.
     *
     * @throws LocalException if it does not; the message holds what Flink says
     */
    public JobID submitByWeb(Path jar, String... arguments) throws InterruptedException {
        String id = jar.getFileName().toString();
        folder.copy(jar, UPLOADED_JARS + "/" + id);
        JarRunMessageParameters parameters = JarRunHeaders.getInstance().getUnresolvedMessageParameters();
        parameters.jarIdPathParameter.resolve(id);
        JarRunRequestBody body =
                new JarRunRequestBody(null, Arrays.asList(arguments), null, null, null, null, null, null);
        try {
            return client.sendRequest(JarRunHeaders.getInstance(), parameters, body)
                    .get(TIME_FOR_A_COMMAND.toMillis(), TimeUnit.MILLISECONDS)
                    .getJobId();
        } catch (ExecutionException | TimeoutException e) {
            throw new LocalException("the JobManager submitted no job: " + e, e);
        }
    }

    /**
     * Runs Flink's own command line program against this cluster and returns when it has ended.
     *
     * @param arguments such as {@code "savepoint", jobId}
     * @throws LocalException if the program does not end
     */
    public CommandResult flink(String... arguments) throws InterruptedException {
        String logName = "flink-" + commandsRun++;
        ChildProcess program =
                folder.start("flink " + arguments[0], logName, commands.flink(Arrays.asList(arguments), logName));
        try {
            int exitCode = program.awaitEnd(TIME_FOR_A_COMMAND);
            return new CommandResult(exitCode, program.output());
        } finally {
            program.kill();
        }
    }

    /**
     * Waits until a job has the given status.
     *
     * @throws LocalException if it ends with another one, or does not have it when the time is over
     */
    public void awaitStatus(JobID job, JobStatus status, Duration deadline) throws InterruptedException {
        CompletableFuture<JobStatus> reached =
                Polling.until(now -> now == status || now.isGloballyTerminalState(), () -> client.getJobStatus(job));
        JobStatus last =
                ChildProcess.await(reached, "brought job " + job + " to " + status, deadline, List.of(jobManager));
        if (last != status) {
            throw jobManager.failure("brought job " + job + " to " + last + " instead of " + status);
        }
    }

    /**
     * Starts one more TaskManager and returns when its slots can be used.
     *
     * @return its index, for {@link #killTaskManager}
     */
    public int addTaskManager() throws InterruptedException {
        forgetTheDead();
        int index = launchTaskManager();
        awaitRegistration();
        return index;
    }

    /**
     * SIGKILL. As with any standalone cluster nothing starts it again.
     *
     * @param index in the order of starting, from 0; no index is given twice
     * @throws IllegalArgumentException if there is none
     */
    public void killTaskManager(int index) {
        ChildProcess taskManager = taskManagers.remove(index);
        if (taskManager == null) {
            throw new IllegalArgumentException("no TaskManager " + index + "; there are " + taskManagers.keySet());
        }
        taskManager.kill();
    }

    /** SIGKILL. The jobs of this cluster are gone with it. */
    public void killJobManager() {
        jobManager.kill();
    }

    /** Starts the JobManager again at the same address, and returns when the TaskManagers have found it. */
    public void restartJobManager() throws InterruptedException {
        forgetTheDead();
        jobManager.stop();
        launchJobManager();
        awaitRegistration();
    }

    /**
     * Waits until the process that started this one is gone, or until this cluster is closed. Until then a new TaskManager is
     * started for each that ends, as Kubernetes does.
     *
     * @param listener is told of each
     * @throws LocalException if the JobManager ends by itself, or a new TaskManager does not come up
     */
    public void replaceTaskManagersUntilEndOfParent(ReplacementListener listener) throws InterruptedException {
        CompletableFuture<?> parentGone = ParentProcess.gone();
        try {
            while (true) {
                CompletableFuture.anyOf(
                                Stream.concat(Stream.of(parentGone), processes().map(ChildProcess::end))
                                        .toArray(CompletableFuture<?>[]::new))
                        .join();
                if (parentGone.isDone() || folder.isClosed()) {
                    return;
                }
                if (!jobManager.isAlive()) {
                    throw jobManager.failure("ended by itself");
                }
                replaceTheDead(listener);
            }
        } catch (LocalException | IllegalStateException failure) {
            // Whoever closes the cluster ends its processes, those that are just starting too.
            if (!folder.isClosed()) {
                throw failure;
            }
        } finally {
            parentGone.cancel(true);
        }
    }

    /** Ends all processes and deletes the folder. Closing twice does nothing. */
    @Override
    public void close() {
        client.close();
        folder.close();
    }

    private void launchJobManager() {
        jobManager = folder.start("JobManager", "jobmanager", commands.jobManager("jobmanager"));
    }

    private int launchTaskManager() {
        int index = taskManagersStarted++;
        String id = resourceId(index);
        taskManagers.put(index, folder.start("TaskManager " + index, id, commands.taskManager(id, id)));
        return index;
    }

    private static String resourceId(int index) {
        return "taskmanager-" + index;
    }

    private void replaceTheDead(ReplacementListener listener) throws InterruptedException {
        List<Long> dead = taskManagers.values().stream()
                .filter(taskManager -> !taskManager.isAlive())
                .map(ChildProcess::pid)
                .toList();
        for (long pid : dead) {
            listener.replaced(pid, taskManagers.get(addTaskManager()).pid());
        }
    }

    /** A TaskManager that crashed by itself is not waited for. */
    private void forgetTheDead() {
        taskManagers.values().removeIf(taskManager -> !taskManager.isAlive());
    }

    private void awaitRegistration() throws InterruptedException {
        Set<String> expected =
                taskManagers.keySet().stream().map(FlinkCluster::resourceId).collect(Collectors.toSet());
        ChildProcess.await(
                Polling.until(ids -> ids.containsAll(expected), this::registeredTaskManagers),
                "formed a cluster at " + restUrl(),
                TIME_TO_START,
                processes().toList());
    }

    private CompletableFuture<Set<String>> registeredTaskManagers() {
        return client.sendRequest(
                        TaskManagersHeaders.getInstance(),
                        EmptyMessageParameters.getInstance(),
                        EmptyRequestBody.getInstance())
                .thenApply(TaskManagersInfo::getTaskManagerInfos)
                .thenApply(Collection::stream)
                .thenApply(infos -> infos.filter(info -> info.getNumberSlots() > 0)
                        .map(TaskManagerInfo::getResourceId)
                        .map(Object::toString)
                        .collect(Collectors.toSet()));
    }

    private Stream<ChildProcess> processes() {
        return Stream.concat(Stream.of(jobManager), taskManagers.values().stream());
    }

    private static RestClusterClient<StandaloneClusterId> clientOf(Configuration configuration) {
        try {
            return new RestClusterClient<>(configuration, StandaloneClusterId.getInstance());
        } catch (Exception e) {
            throw new LocalException("cannot make a client of the local Flink cluster: " + e.getMessage(), e);
        }
    }

    /** Hears of TaskManagers that were replaced. */
    @FunctionalInterface
    public interface ReplacementListener {
        /**
         * One has ended, and another one can be used in its place.
         *
         * @param ended its process ID
         * @param next that of the other one
         */
        void replaced(long ended, long next);
    }
}
