package dev.decant.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.apache.flink.core.plugin.PluginManager;

/**
 * Flink's file systems in this JVM, {@code s3://} among them. The processes of a cluster set theirs up when they start;
 * {@link LocalFlink} does not, and has those of the JVM that it runs in.
 */
public final class LocalFileSystems {
    /**
     * By its own defaults, an address where nobody answers is tried for many minutes before anything is said. These take
     * some seconds; a job that fails is started again by Flink.
     */
    private static final Map<String, String> S3_PATIENCE =
            Map.of("s3.attempts.maximum", "3", "s3.retry.limit", "3", "s3.retry.interval", "500ms");

    /** Warns of its own age by a page of stack trace; what is wrong with S3, Flink's file system says. */
    private static final Logger AMAZON = Logger.getLogger("com.amazonaws");

    private static PluginManager plugins;

    private LocalFileSystems() {}

    /**
     * Sets them up, in place of those that were there: once a process, before anything looks at a folder.
     *
     * @param configuration what they are configured with, {@code s3.endpoint} for instance
     * @throws LocalException if Decant's folder is not known, or its plugins cannot be read
     */
    public static synchronized void initialize(Configuration configuration) {
        if (plugins == null) {
            plugins = plugins(DecantHome.find().flinkPlugins());
        }
        AMAZON.setLevel(Level.SEVERE);
        Configuration complete = Configuration.fromMap(S3_PATIENCE);
        complete.addAll(configuration);
        FileSystem.initialize(complete, plugins);
    }

    private static PluginManager plugins(Path folder) {
        try {
            return new DefaultPluginManager(
                    Files.isDirectory(folder) ? new DirectoryBasedPluginFinder(folder).findPlugins() : List.of(),
                    CoreOptions.getPluginParentFirstLoaderPatterns(new Configuration()));
        } catch (IOException e) {
            throw new LocalException("cannot read Flink's plugins in " + folder + ": " + e.getMessage(), e);
        }
    }
}
