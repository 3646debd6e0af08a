package dev.decant.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.apache.flink.core.plugin.PluginManager;

/** Flink's plugins in this JVM, each with a class loader of its own. The processes of a cluster load theirs themselves. */
final class LocalPlugins {
    private static PluginManager plugins;

    private LocalPlugins() {}

    /**
     * Those that lie in Decant's folder; the same ones each time.
     *
     * @throws LocalException if Decant's folder is not known, or they cannot be read
     */
    static synchronized PluginManager find() {
        if (plugins == null) {
            plugins = in(DecantHome.find().flinkPlugins());
        }
        return plugins;
    }

    private static PluginManager in(Path folder) {
        try {
            return new DefaultPluginManager(
                    Files.isDirectory(folder) ? new DirectoryBasedPluginFinder(folder).findPlugins() : List.of(),
                    CoreOptions.getPluginParentFirstLoaderPatterns(new Configuration()));
        } catch (IOException e) {
            throw new LocalException("cannot read Flink's plugins in " + folder + ": " + e.getMessage(), e);
        }
    }
}
