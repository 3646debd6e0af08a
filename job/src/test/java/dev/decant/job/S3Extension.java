package dev.decant.job;

import dev.decant.local.Leftovers;
import dev.decant.local.S3Bucket;
import dev.decant.local.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An S3 server for the tests of a class, and a bucket of its own for each of them. It leaves nothing behind. */
final class S3Extension implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private S3Server server;
    private S3Bucket bucket;
    private int tests;

    /** What a cluster needs to know to find the server. */
    Configuration configuration() {
        return server.configuration();
    }

    /** {@link #configuration()} as arguments of the command line: a file, since it holds a secret. */
    List<String> arguments() {
        try {
            Path file = BrokerSecurity.writeOptions(
                    server.folder().resolve("decant.properties"),
                    configuration().toMap());
            return List.of("--config", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That of this test. */
    S3Bucket bucket() {
        return bucket;
    }

    /** Another one. */
    S3Bucket newBucket(String name) {
        return server.newBucket(name);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws InterruptedException {
        server = S3Server.start();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        bucket = server.newBucket("bucket-" + tests++);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (server != null) {
            Path folder = server.folder();
            server.close();
            Leftovers.assertNoneOf(folder);
        }
    }
}
