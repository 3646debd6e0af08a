package dev.decant.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka broker: KRaft, broker and controller in one process of its own, on 127.0.0.1, with its data in a
 * temporary folder. Topics have to be created; there is one replica of everything.
 *
 * <p>Whoever starts it closes it. It goes away with this JVM too, even if that is killed.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final Duration TIME_TO_START = Duration.ofSeconds(90);
    private static final String NAME = "Kafka broker";
    private static final String SETTINGS_FILE = "server.properties";

    private final ProcessFolder folder;
    private final Path jars;
    private final String bootstrapServers;
    private final Map<SecuredListener, String> secured;
    private ChildProcess process;

    private KafkaBroker(
            ProcessFolder folder, Path jars, String bootstrapServers, Map<SecuredListener, String> secured) {
        this.folder = folder;
        this.jars = jars;
        this.bootstrapServers = bootstrapServers;
        this.secured = secured;
    }

    /**
     * Starts a broker and returns when it answers.
     *
     * @throws LocalException if it does not come up; the message names the cause as the broker's log has it
     */
    public static KafkaBroker start() throws InterruptedException {
        return start(Map.of());
    }

    /**
     * {@link #start()} with some settings changed.
     *
     * @param overrides settings of the broker, by name, that differ from the usual
     */
    public static KafkaBroker start(Map<String, String> overrides) throws InterruptedException {
        return start(DecantHome.find().brokerJars(), overrides, List.of());
    }

    /** {@link #start(Map)} with more listeners than the plain one. */
    public static KafkaBroker start(Map<String, String> overrides, List<SecuredListener> listeners)
            throws InterruptedException {
        return start(DecantHome.find().brokerJars(), overrides, listeners);
    }

    /**
     * {@link #start()} on a port that is known beforehand.
     *
     * @param port 0 for any that is free
     * @throws LocalException if the port is taken
     */
    public static KafkaBroker startAt(int port) throws InterruptedException {
        List<Integer> free = FreePorts.find(2);
        int own = port == 0 ? free.get(0) : FreePorts.requireFree(port);
        int controller = free.get(1) == own ? free.get(0) : free.get(1);
        return start(DecantHome.find().brokerJars(), List.of(own, controller), Map.of(), List.of());
    }

    /** {@link #start(Map, List)} with the broker whose jars are in this folder. */
    static KafkaBroker start(Path jars, Map<String, String> overrides, List<SecuredListener> listeners)
            throws InterruptedException {
        return start(jars, FreePorts.find(2 + listeners.size()), overrides, listeners);
    }

    /** @param ports that of the plain listener, that of the controller, and one for each of the others */
    private static KafkaBroker start(
            Path jars, List<Integer> ports, Map<String, String> overrides, List<SecuredListener> listeners)
            throws InterruptedException {
        List<String> addresses = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        Map<SecuredListener, String> secured = new LinkedHashMap<>();
        listeners.forEach(listener -> secured.put(listener, addresses.get(2 + secured.size())));

        ProcessFolder folder = ProcessFolder.create("decant-broker");
        try {
            folder.write(
                    SETTINGS_FILE, settings(folder.path(), addresses.get(0), addresses.get(1), secured, overrides));
            folder.write(ConsoleLog.FILE, ConsoleLog.CONFIGURATION);
            KafkaBroker result = new KafkaBroker(folder, jars, addresses.get(0), secured);
            result.format();
            result.launch();
            return result;
        } catch (Throwable e) {
            folder.close();
            throw e;
        }
    }

    /** {@code 127.0.0.1:port}; stays the same over {@link #restart()}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /**
     * The address of another listener than the plain one.
     *
     * @throws IllegalArgumentException if the broker was not started with it
     */
    public String bootstrapServers(SecuredListener listener) {
        String address = secured.get(listener);
        if (address == null) {
            throw new IllegalArgumentException(
                    "the broker has no listener " + listener.protocol() + " with these settings");
        }
        return address;
    }

    /** Its process ID, another one after each {@link #restart()}. */
    public long pid() {
        return process.pid();
    }

    /** Where its settings, its log and its data are. */
    public Path folder() {
        return folder.path();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits until the process that started this one is gone, or until this broker is closed.
     *
     * @throws LocalException if the broker ends by itself
     */
    public void awaitEndOfParent() {
        CompletableFuture.anyOf(ParentProcess.gone(), process.end()).join();
        if (!process.isAlive() && !folder.isClosed()) {
            throw process.failure("ended by itself");
        }
    }

    /** SIGKILL: the broker has no time to write anything. Its data stays for {@link #restart()}. */
    public void kill() {
        process.kill();
    }

    /** SIGSTOP: connections stay open and nothing answers until {@link #resume()}. */
    public void pause() {
        process.pause();
    }

    public void resume() {
        process.resume();
    }

    /**
     * Starts the broker again on the same ports and the same data, after stopping it if it runs, and returns when it
     * answers.
     *
     * @throws LocalException if it does not come up
     */
    public void restart() throws InterruptedException {
        process.stop();
        launch();
    }

    /** Ends the process and deletes its folder. Closing twice does nothing. */
    @Override
    public void close() {
        folder.close();
    }

    private void format() throws InterruptedException {
        ChildProcess format = folder.start(
                "formatter of the broker's storage",
                "format",
                // One second of work: compiling it well would take longer.
                command(
                        List.of("-XX:TieredStopAtLevel=1"),
                        "kafka.tools.StorageTool",
                        List.of(
                                "format",
                                "--standalone",
                                "--cluster-id",
                                Uuid.randomUuid().toString(),
                                "--config",
                                SETTINGS_FILE)));
        int exitCode = format.awaitEnd(TIME_TO_START);
        if (exitCode != 0) {
            throw format.failure("ended with exit code " + exitCode);
        }
    }

    private void launch() throws InterruptedException {
        process = folder.start(NAME, "broker", command(List.of("-Xmx384m"), "kafka.Kafka", List.of(SETTINGS_FILE)));
        Properties client = new Properties();
        client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        client.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 100);
        client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIME_TO_START.toMillis());
        Admin admin = Admin.create(client);
        try {
            // It answers a little before it lets topics be placed on itself: then there are no nodes yet.
            CompletableFuture<Collection<Node>> answer = Polling.until(
                    nodes -> !nodes.isEmpty(),
                    () -> admin.describeCluster().nodes().toCompletionStage().toCompletableFuture());
            ChildProcess.await(answer, "answered at " + bootstrapServers, TIME_TO_START, List.of(process));
        } finally {
            // Not waiting for an answer that a dead broker will never give.
            admin.close(Duration.ZERO);
        }
    }

    private JavaCommand command(List<String> jvmOptions, String mainClass, List<String> arguments) {
        List<String> options = new ArrayList<>(jvmOptions);
        options.add("-XX:+UseSerialGC");
        options.add(ConsoleLog.jvmOption(folder.path()));
        return new JavaCommand(List.of(jars.resolve("*").toString()), options, mainClass, arguments, Map.of());
    }

    /** See "Broker Configs" in Kafka's documentation. */
    private static List<String> settings(
            Path folder,
            String broker,
            String controller,
            Map<SecuredListener, String> secured,
            Map<String, String> overrides) {
        StringBuilder listeners = new StringBuilder("PLAINTEXT://" + broker + ",CONTROLLER://" + controller);
        StringBuilder protocols = new StringBuilder("PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        secured.forEach((listener, address) -> {
            listeners.append(',').append(listener.protocol()).append("://").append(address);
            protocols.append(',').append(listener.protocol()).append(':').append(listener.protocol());
        });
        List<String> lines = new ArrayList<>(List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "listeners=" + listeners,
                "advertised.listeners=" + listeners,
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=PLAINTEXT",
                "listener.security.protocol.map=" + protocols,
                "controller.quorum.bootstrap.servers=" + controller,
                "log.dirs=" + folder.resolve("data").toString().replace('\\', '/'),
                // One broker can hold one replica.
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                // Fewer files to create when the first consumer and the first transaction come.
                "offsets.topic.num.partitions=4",
                "transaction.state.log.num.partitions=4",
                // A broker that was killed may come back when its session is over: after the usual 9 s, otherwise.
                "broker.session.timeout.ms=3000",
                "broker.heartbeat.interval.ms=500",
                // No waiting for other members of a group: there are none.
                "group.initial.rebalance.delay.ms=0",
                // A mistyped topic is an error, not a new topic.
                "auto.create.topics.enable=false"));
        secured.keySet().forEach(listener -> listener.settings()
                .forEach((name, value) -> lines.add(listener.prefix() + name + "=" + value)));
        overrides.forEach((name, value) -> lines.add(name + "=" + value));
        return lines;
    }
}
