package dev.decant.local;

import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;

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

    private LocalFileSystems() {}

    /**
     * Sets them up, in place of those that were there: once a process, before anything looks at a folder.
     *
     * @param configuration what they are configured with, {@code s3.endpoint} for instance
     * @throws LocalException if Decant's folder is not known, or its plugins cannot be read
     */
    public static synchronized void initialize(Configuration configuration) {
        AMAZON.setLevel(Level.SEVERE);
        Configuration complete = Configuration.fromMap(S3_PATIENCE);
        complete.addAll(configuration);
        FileSystem.initialize(complete, LocalPlugins.find());
    }
}
