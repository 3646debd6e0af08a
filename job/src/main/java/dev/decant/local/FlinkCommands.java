package dev.decant.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/** The commands that a distribution of Flink has in bin/, on the Maven artifacts. */
final class FlinkCommands {
    private static final String CONFIGURATION_FOLDER = "conf";
    private static final String LOOPBACK = "127.0.0.1";

    /** What Flink reaches into on Java 17; as in the configuration that comes with a distribution of Flink 2.2. */
    private static final List<String> OPEN_MODULES = Stream.of(
                    "exports=java.base/sun.net.util",
                    "exports=java.rmi/sun.rmi.registry",
                    "exports=java.security.jgss/sun.security.krb5",
                    "opens=java.base/java.lang",
                    "opens=java.base/java.net",
                    "opens=java.base/java.io",
                    "opens=java.base/java.nio",
                    "opens=java.base/sun.nio.ch",
                    "opens=java.base/java.lang.reflect",
                    "opens=java.base/java.text",
                    "opens=java.base/java.time",
                    "opens=java.base/java.util",
                    "opens=java.base/java.util.concurrent",
                    "opens=java.base/java.util.concurrent.atomic",
                    "opens=java.base/java.util.concurrent.locks")
            .map(module -> "--add-" + module + "=ALL-UNNAMED")
            .toList();

    private final Path folder;
    private final List<String> classPath;
    private final Path plugins;
    private final Configuration configuration;

    private FlinkCommands(Path folder, DecantHome home, Configuration configuration, List<Path> lib) {
        this.folder = folder;
        this.classPath = Stream.concat(Stream.of(home.flinkJars().resolve("*")), lib.stream())
                .map(Path::toString)
                .toList();
        this.plugins = home.flinkPlugins();
        this.configuration = configuration;
    }

    /**
     * Writes the configuration of a cluster into the folder.
     *
     * @param home where its class path and its plugins are
     * @param slots task slots of a TaskManager
     * @param overrides what this cluster has different from {@link #defaults}
     * @param lib jars on the class path of all processes besides those of Flink
     */
    static FlinkCommands write(
            ProcessFolder folder, DecantHome home, int slots, Configuration overrides, List<Path> lib) {
        Configuration configuration = defaults(folder.path(), slots);
        configuration.addAll(overrides);
        folder.write(
                CONFIGURATION_FOLDER + "/config.yaml",
                ConfigurationUtils.convertConfigToWritableLines(configuration, true));
        folder.write(ConsoleLog.FILE, ConsoleLog.CONFIGURATION);
        return new FlinkCommands(folder.path(), home, configuration, lib);
    }

    /** What all processes of the cluster, and its clients, are configured with. */
    Configuration configuration() {
        return configuration;
    }

    /** As {@code jobmanager.sh start}. */
    JavaCommand jobManager(String logName) {
        JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(configuration);
        return java(
                withOptionsOf(
                        CoreOptions.FLINK_JM_JVM_OPTIONS,
                        JobManagerProcessUtils.generateJvmParametersStr(memory, configuration)),
                logName,
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                processArguments(JobManagerProcessUtils.generateDynamicConfigsStr(memory)));
    }

    /** As {@code taskmanager.sh start}. */
    JavaCommand taskManager(String resourceId, String logName) {
        TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(configuration);
        List<String> arguments = processArguments(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory));
        arguments.add("-D");
        arguments.add(TaskManagerOptions.TASK_MANAGER_RESOURCE_ID.key() + "=" + resourceId);
        return java(
                withOptionsOf(CoreOptions.FLINK_TM_JVM_OPTIONS, ProcessMemoryUtils.generateJvmParametersStr(memory)),
                logName,
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                arguments);
    }

    /** As {@code flink ARGUMENTS}. */
    JavaCommand flink(List<String> arguments, String logName) {
        return java(
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", ConsoleLog.warningsOnly()),
                logName,
                "org.apache.flink.client.cli.CliFrontend",
                arguments);
    }

    private JavaCommand java(List<String> jvmOptions, String logName, String mainClass, List<String> arguments) {
        List<String> options = new ArrayList<>(OPEN_MODULES);
        options.addAll(jvmOptions);
        options.add(ConsoleLog.jvmOption(folder));
        // Where the web UI looks for what it shows as the log.
        options.add("-Dlog.file=" + folder.resolve(logName + ".log"));
        return new JavaCommand(
                classPath,
                options,
                mainClass,
                arguments,
                Map.of("FLINK_CONF_DIR", configurationFolder(), "FLINK_PLUGINS_DIR", plugins.toString()));
    }

    /** As the scripts in bin/ do: the options for every process, then those for this kind of process. */
    private List<String> withOptionsOf(ConfigOption<String> kind, String parameters) {
        return Stream.of(parameters, configuration.get(CoreOptions.FLINK_JVM_OPTIONS), configuration.get(kind))
                .flatMap(line -> words(line).stream())
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private List<String> processArguments(String dynamicConfiguration) {
        List<String> arguments = new ArrayList<>(List.of("--configDir", configurationFolder()));
        arguments.addAll(words(dynamicConfiguration));
        return arguments;
    }

    private String configurationFolder() {
        return folder.resolve(CONFIGURATION_FOLDER).toString();
    }

    private static List<String> words(String line) {
        return Arrays.asList(line.strip().split("\\s+"));
    }

    private static Configuration defaults(Path folder, int slots) {
        List<Integer> ports = FreePorts.find(2);
        return new Configuration()
                .set(JobManagerOptions.ADDRESS, LOOPBACK)
                .set(JobManagerOptions.BIND_HOST, LOOPBACK)
                .set(JobManagerOptions.PORT, ports.get(0))
                .set(RestOptions.ADDRESS, LOOPBACK)
                .set(RestOptions.BIND_ADDRESS, LOOPBACK)
                .set(RestOptions.PORT, ports.get(1))
                .set(RestOptions.BIND_PORT, String.valueOf(ports.get(1)))
                .set(WebOptions.UPLOAD_DIR, folder.toString())
                .set(TaskManagerOptions.HOST, LOOPBACK)
                .set(TaskManagerOptions.BIND_HOST, LOOPBACK)
                .set(TaskManagerOptions.NUM_TASK_SLOTS, slots)
                // As small as works, so that a laptop holds a cluster. A process takes what it uses, not all of this.
                .set(JobManagerOptions.JVM_HEAP_MEMORY, MemorySize.ofMebiBytes(256))
                .set(JobManagerOptions.JVM_OVERHEAD_MIN, MemorySize.ofMebiBytes(64))
                .set(TaskManagerOptions.TASK_HEAP_MEMORY, MemorySize.ofMebiBytes(256))
                .set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, MemorySize.ofMebiBytes(128))
                .set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64))
                .set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32))
                .set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32))
                .set(TaskManagerOptions.JVM_OVERHEAD_MIN, MemorySize.ofMebiBytes(64))
                // A killed process is noticed soon; one that has to wait for its turn on a busy machine is not given
                // up.
                .set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(500))
                .set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofSeconds(20))
                .set(RpcOptions.STARTUP_TIMEOUT, Duration.ofSeconds(60))
                .set(
                        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                        folder.resolve("checkpoints").toUri().toString())
                .set(
                        CheckpointingOptions.SAVEPOINT_DIRECTORY,
                        folder.resolve("savepoints").toUri().toString());
    }
}
