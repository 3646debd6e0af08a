package dev.decant.local;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Flink inside this JVM, with its web UI on 127.0.0.1: what runs the job on a laptop. Jobs reach it through its REST
 * API, as they reach any cluster.
 *
 * <p>Whoever starts it closes it. When the JVM ends first it closes itself.
 */
public final class LocalFlink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFlink.class);
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(20);
    private static final String LOOPBACK = "127.0.0.1";
    /** How {@code metrics.reporters} begins, and every option of a reporter. */
    private static final String REPORTERS = "metrics.reporter";

    private final MiniCluster cluster;
    private final Configuration configuration;
    private final TemporaryFolder folder;
    private final ShutdownHook hook;
    private final URI webUrl;
    private boolean closed;

    private LocalFlink(MiniCluster cluster, Configuration configuration, TemporaryFolder folder, URI webUrl) {
        this.cluster = cluster;
        this.configuration = configuration;
        this.folder = folder;
        this.webUrl = webUrl;
        this.hook = ShutdownHook.add("close local Flink", this::end);
    }

    /**
     * Starts Flink with as many slots as this machine has cores. Metric reporters are
     * taken from Flink's plugins as well.
     *
     * @param configuration of the cluster and of its jobs. {@code parallelism.default} is the number of slots unless it is
     *     set, and {@code rest.port} is 0, that is any free port; what it says of addresses and of temporary folders is not
     *     followed
     * @throws LocalException if it cannot be started: the port may be taken
     */
    public static LocalFlink start(Configuration configuration) {
        return start(configuration, TemporaryFolder.create("decant-local-flink"));
    }

    /** {@link #start(Configuration)} with its temporary files in a folder that it deletes. */
    static LocalFlink start(Configuration configuration, TemporaryFolder folder) {
        try {
            // Before anything runs: of a port that is taken Flink learns when its TaskManagers run already.
            FreePorts.requireFree(configuration.get(RestOptions.PORT, 0));
            return started(configuration, folder);
        } catch (LocalException failure) {
            try {
                folder.delete();
            } catch (UncheckedIOException stillWritten) {
                // A MiniCluster whose start fails leaves running what it had started.
                failure.addSuppressed(stillWritten);
            }
            throw failure;
        }
    }

    private static LocalFlink started(Configuration configuration, TemporaryFolder folder) {
        int slots = Runtime.getRuntime().availableProcessors();
        Configuration complete = new Configuration(configuration)
                .set(RestOptions.ADDRESS, LOOPBACK)
                .set(RestOptions.BIND_ADDRESS, LOOPBACK)
                .set(RestOptions.BIND_PORT, String.valueOf(configuration.get(RestOptions.PORT, 0)))
                .set(CoreOptions.TMP_DIRS, folder.path().toString())
                .set(WebOptions.TMP_DIR, folder.path().toString());
        if (!complete.contains(CoreOptions.DEFAULT_PARALLELISM)) {
            complete.set(CoreOptions.DEFAULT_PARALLELISM, slots);
        }
        MiniClusterConfiguration.Builder mini = new MiniClusterConfiguration.Builder()
                .setConfiguration(complete)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(Math.max(slots, complete.get(CoreOptions.DEFAULT_PARALLELISM)))
                .setRpcServiceSharing(RpcServiceSharing.SHARED);
        if (complete.keySet().stream().anyMatch(key -> key.startsWith(REPORTERS))) {
            // Only for those who want them: looking into every plugin takes its time.
            mini.setPluginManager(LocalPlugins.find());
        }
        MiniCluster cluster = new MiniCluster(mini.build());
        try {
            cluster.start();
            return new LocalFlink(
                    cluster, complete, folder, cluster.getRestAddress().get());
        } catch (Exception e) {
            if (cluster.isRunning()) {
                stop(cluster);
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new LocalException(
                    "cannot start Flink with its web UI at " + LOOPBACK + ":" + complete.get(RestOptions.BIND_PORT)
                            + ": " + rootCause(e),
                    e);
        }
    }

    /** Where the web UI and the REST API are, with the real port. */
    public URI webUrl() {
        return webUrl;
    }

    /** A folder for what is needed as long as this Flink is, and deleted with it. */
    public Path folder() {
        return folder.path();
    }

    /** A new environment whose jobs run here, with the configuration given at {@link #start}. */
    public StreamExecutionEnvironment newEnvironment() {
        return StreamExecutionEnvironment.createRemoteEnvironment(webUrl.getHost(), webUrl.getPort(), configuration);
    }

    /** Cancels what runs, and ends. Closing twice does nothing. */
    @Override
    public void close() {
        hook.remove();
        end();
    }

    private synchronized void end() {
        if (closed) {
            return;
        }
        closed = true;
        stop(cluster);
        folder.delete();
    }

    private static void stop(MiniCluster cluster) {
        try {
            cluster.closeAsync().get(TIME_TO_STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The local Flink did not end in good order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Throwable rootCause(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
