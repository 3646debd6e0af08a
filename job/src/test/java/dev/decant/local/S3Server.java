package dev.decant.local;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.configuration.Configuration;

/**
 * A real S3 server in a process of its own, on 127.0.0.1. Its objects are in its memory: in files it would need extended
 * attributes, which not every machine's temporary folder has.
 *
 * <p>Whoever starts it closes it. It goes away with this JVM too, even if that is killed.
 */
public final class S3Server implements AutoCloseable {
    private static final Duration TIME_TO_START = Duration.ofSeconds(60);
    private static final String SETTINGS_FILE = "s3proxy.properties";
    private static final String ACCESS_KEY = "test-access-key";
    private static final String SECRET_KEY = "test-secret-key";

    private final ProcessFolder folder;
    private final S3Requests requests;

    private S3Server(ProcessFolder folder, S3Requests requests) {
        this.folder = folder;
        this.requests = requests;
    }

    /**
     * Starts a server and returns when it answers.
     *
     * @throws LocalException if it does not come up; the message names the cause as the server's log has it
     */
    public static S3Server start() throws InterruptedException {
        Path jars = DecantHome.find().jars("s3");
        URI endpoint = URI.create("http://127.0.0.1:" + FreePorts.find(1).get(0));
        ProcessFolder folder = ProcessFolder.create("decant-s3");
        try {
            folder.write(SETTINGS_FILE, settings(endpoint));
            folder.write(ConsoleLog.FILE, ConsoleLog.CONFIGURATION);
            ChildProcess process = folder.start("S3 server", "s3", command(jars, folder));
            S3Server server = new S3Server(folder, new S3Requests(endpoint, ACCESS_KEY, SECRET_KEY));
            ChildProcess.await(server.answer(), "answered at " + endpoint, TIME_TO_START, List.of(process));
            return server;
        } catch (Throwable e) {
            folder.close();
            throw e;
        }
    }

    /** A new bucket without objects. */
    public S3Bucket newBucket(String name) {
        return S3Bucket.create(requests, name);
    }

    /** What Flink needs to know to find it. */
    public Configuration configuration() {
        return Configuration.fromMap(Map.of(
                "s3.endpoint",
                requests.endpoint().toString(),
                "s3.path.style.access",
                "true",
                "s3.access-key",
                ACCESS_KEY,
                "s3.secret-key",
                SECRET_KEY));
    }

    /** Where its settings and its log are. */
    public Path folder() {
        return folder.path();
    }

    /** Ends the process; its buckets are gone. Closing twice does nothing. */
    @Override
    public void close() {
        folder.close();
    }

    private CompletableFuture<Integer> answer() {
        return Polling.until(status -> status == 200, requests::statusOfService);
    }

    private static JavaCommand command(Path jars, ProcessFolder folder) {
        return new JavaCommand(
                List.of(jars.resolve("*").toString()),
                List.of("-Xmx1g", "-XX:+UseSerialGC", ConsoleLog.jvmOption(folder.path())),
                "org.gaul.s3proxy.Main",
                List.of("--properties", SETTINGS_FILE),
                Map.of());
    }

    private static List<String> settings(URI endpoint) {
        return List.of(
                "s3proxy.endpoint=" + endpoint,
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + ACCESS_KEY,
                "s3proxy.credential=" + SECRET_KEY,
                "jclouds.provider=transient");
    }
}
