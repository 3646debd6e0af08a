package dev.decant.job;

import dev.decant.local.FlinkCluster;
import dev.decant.local.Leftovers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A Flink cluster of separate processes for the tests of a class. It leaves nothing behind. */
final class ClusterExtension implements BeforeAllCallback, AfterAllCallback {
    /** Processes that live for a minute or two get back less of the better compiler's work than it costs. */
    static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

    /** The jar of the job, as users submit it. */
    static final Path JAR = Path.of(System.getProperty("decant.home"), "job", "target", "decant-job.jar");

    private final int taskManagers;
    private final int slots;
    private final Supplier<Configuration> more;
    private FlinkCluster cluster;

    /** @param slots of each TaskManager */
    ClusterExtension(int taskManagers, int slots) {
        this(taskManagers, slots, Configuration::new);
    }

    /** @param more configuration, asked for when the cluster is started */
    ClusterExtension(int taskManagers, int slots, Supplier<Configuration> more) {
        this.taskManagers = taskManagers;
        this.slots = slots;
        this.more = more;
    }

    FlinkCluster cluster() {
        return cluster;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws InterruptedException {
        Configuration configuration = quick();
        configuration.addAll(more.get());
        cluster = FlinkCluster.start(taskManagers, slots, configuration);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (cluster != null) {
            Path folder = cluster.folder();
            cluster.close();
            Leftovers.assertNoneOf(folder);
        }
    }

    private static Configuration quick() {
        return new Configuration()
                .set(CoreOptions.FLINK_JVM_OPTIONS, QUICK_COMPILER + " -XX:+UseSerialGC")
                // TaskManagers learn by this alone that their JobManager was killed.
                .set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofSeconds(6))
                .set(TaskManagerOptions.SLOT_TIMEOUT, Duration.ofSeconds(1))
                .set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofMillis(500));
    }
}
