package dev.decant.local;

import dev.decant.local.ComposeFile.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Services of {@code docker/compose.yaml}, run as it says: with its commands, volumes, environments and checks. They share one
 * network, this machine's, and cannot have the ports that the files name: {@link #PORTS} are replaced by free ones wherever they
 * stand, and Flink is told of its own by {@code -D}.
 */
public final class ComposeProject implements AutoCloseable {
    private static final Duration TIME_TO_BE_HEALTHY = Duration.ofMinutes(5);
    private static final Duration TIME_TO_HAPPEN = Duration.ofMinutes(5);

    /** A check takes what a container takes to start, and some of them a JVM: not one after the other. */
    private static final Executor BETWEEN_CHECKS = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);

    private static final List<String> PORTS = List.of("9092", "19092", "29093", "8081", "6123", "6124");
    private static final String METRICS_PORT = "9249";

    /** What the entry point of Flink's official image starts for the first word of a command. */
    private static final Map<String, String> FLINK_ENTRY_POINT = Map.of(
            "standalone-job", "/opt/flink/bin/standalone-job.sh",
            "jobmanager", "/opt/flink/bin/jobmanager.sh",
            "taskmanager", "/opt/flink/bin/taskmanager.sh");

    /** What Kafka's official image starts: its settings out of the environment, its storage, the broker. */
    private static final List<String> KAFKA_ENTRY_POINT = List.of(
            "sh",
            "-c",
            "/opt/kafka/bin/kafka-run-class.sh kafka.docker.KafkaDockerWrapper setup"
                    + " --default-configs-dir /opt/kafka/defaults --mounted-configs-dir /mnt/shared/config"
                    + " --final-configs-dir /opt/kafka/config"
                    + " && exec /opt/kafka/bin/kafka-run-class.sh -Xmx384m"
                    + " -Dlog4j2.configurationFile=/opt/kafka/config/log4j2.properties"
                    + " kafka.Kafka /opt/kafka/config/server.properties");

    /** Where TaskManagers note which classes they load, and from where; besides ports, all that is different here. */
    private static final String LOG_OF_CLASSES = "/opt/flink/log/classes-%p.log";

    private static final String CLUSTER_ID_OF_KAFKA_IMAGE = "5L6g3nShT-eMCtK--X86sw";

    private final ContainerImage decant;
    private final ContainerImage kafka;
    private final ComposeFile file;
    private final Path volumes;
    private final Map<String, String> ports = new HashMap<>();
    private final List<Container> running = new ArrayList<>();

    private ComposeProject(ContainerImage decant, ContainerImage kafka, ComposeFile file, Path volumes) {
        this.decant = decant;
        this.kafka = kafka;
        this.file = file;
        this.volumes = volumes;
        List<Integer> free = FreePorts.find(PORTS.size());
        for (int i = 0; i < PORTS.size(); i++) {
            ports.put(PORTS.get(i), String.valueOf(free.get(i)));
        }
    }

    /**
     * A project without services yet, and with empty volumes.
     *
     * @param volumes a folder for them, which is made
     * @param files as {@code docker compose -f} takes them
     */
    public static ComposeProject of(ContainerImage decant, ContainerImage kafka, Path volumes, List<Path> files)
            throws IOException {
        return new ComposeProject(decant, kafka, ComposeFile.read(files), Files.createDirectory(volumes));
    }

    /** Where a port that the files name is in truth. */
    public String port(String named) {
        return ports.get(named);
    }

    /**
     * Starts services, each in as many containers as it has replicas, and returns when their checks say that all are healthy.
     *
     * @return the containers of each service
     */
    public Map<String, List<Container>> up(String... names) throws IOException, InterruptedException {
        Map<String, List<Container>> started = new LinkedHashMap<>();
        for (String name : names) {
            started.put(name, start(file.service(name)));
        }
        for (String name : names) {
            for (Container container : started.get(name)) {
                awaitHealthy(file.service(name), container);
            }
        }
        return started;
    }

    /** Runs a service that ends by itself, or another command in its place, and returns what it said. */
    public CommandResult run(String name, String... command) throws IOException, InterruptedException {
        Service service = file.service(name);
        List<String> instead = withPorts(List.of(command));
        return Container.run(
                image(service), settings(service), instead.isEmpty() ? command(service, METRICS_PORT) : instead);
    }

    /** The command that another file has for a service, with the ports of this project. */
    public List<String> commandIn(Path otherFile, String service) throws IOException {
        return withPorts(ComposeFile.read(List.of(otherFile)).service(service).command());
    }

    /** Where a TaskManager loaded a class from, each time that it did. */
    public List<String> placesOfClass(Container taskManager, String className) throws IOException {
        String log = LOG_OF_CLASSES.replace("%p", String.valueOf(taskManager.pid()));
        Pattern loaded = Pattern.compile("\\s" + Pattern.quote(className) + " source: (\\S+)");
        try (Stream<String> lines = Files.lines(taskManager.at(log))) {
            return lines.map(loaded::matcher)
                    .filter(Matcher::find)
                    .map(line -> line.group(1))
                    .toList();
        }
    }

    /** Where the files of a volume are, once a service was started that has it. */
    public Path volume(String name) {
        return volumes.resolve(name);
    }

    /**
     * Waits until something is so that can be seen from outside.
     *
     * @param what it is, as messages name it
     */
    public void await(String what, Callable<Boolean> isSo) throws InterruptedException {
        CompletableFuture<Boolean> seen = Polling.until(
                so -> so || running.stream().anyMatch(container -> !container.isAlive()), () -> ask(isSo));
        try {
            seen.get(TIME_TO_HAPPEN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw running.get(running.size() - 1).failure("runs, and " + what + " was not seen");
        } finally {
            seen.cancel(true);
        }
        for (Container container : running) {
            if (!container.isAlive()) {
                throw container.failure("ended before " + what + " was seen");
            }
        }
    }

    /** As {@code docker compose down}: ends what runs, the last first. */
    @Override
    public void close() {
        for (int i = running.size() - 1; i >= 0; i--) {
            running.get(i).stop();
        }
        running.clear();
    }

    private List<Container> start(Service service) throws IOException {
        List<Container> started = new ArrayList<>();
        for (int replica = 0; replica < service.replicas(); replica++) {
            String metricsPort = String.valueOf(FreePorts.find(1).get(0));
            List<String> check =
                    service.healthCheck().isEmpty() ? image(service).healthCheck() : service.healthCheck();
            started.add(Container.start(
                    service.name(),
                    image(service),
                    settings(service),
                    command(service, metricsPort),
                    withPorts(check).stream()
                            .map(word -> word.replace(METRICS_PORT, metricsPort))
                            .toList()));
        }
        running.addAll(started);
        return started;
    }

    private static CompletableFuture<Boolean> ask(Callable<Boolean> isSo) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return isSo.call();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }

    private ContainerImage image(Service service) {
        return service.content().get("image").equals("decant") ? decant : kafka;
    }

    private List<String> command(Service service, String metricsPort) {
        List<String> command = withPorts(service.command());
        if (!service.entrypoint().isEmpty()) {
            List<String> whole = new ArrayList<>(service.entrypoint());
            whole.addAll(command);
            return whole;
        }
        if (image(service) == kafka) {
            return KAFKA_ENTRY_POINT;
        }
        List<String> whole = new ArrayList<>(List.of(FLINK_ENTRY_POINT.get(command.get(0)), "start-foreground"));
        whole.addAll(flinkPorts(metricsPort));
        whole.addAll(command.subList(1, command.size()));
        return whole;
    }

    private List<String> flinkPorts(String metricsPort) {
        return Map.of(
                        "rest.port", port("8081"),
                        "jobmanager.rpc.port", port("6123"),
                        "blob.server.port", port("6124"),
                        "metrics.reporter.prom.port", metricsPort)
                .entrySet()
                .stream()
                .flatMap(option -> List.of("-D", option.getKey() + "=" + option.getValue()).stream())
                .toList();
    }

    private ContainerSettings settings(Service service) throws IOException {
        List<String> mounts = new ArrayList<>();
        for (String tmpfs : service.tmpfs()) {
            mounts.add("tmpfs:" + tmpfs);
        }
        for (String mounted : service.volumes()) {
            String[] parts = mounted.split(":");
            Path volume = volumes.resolve(parts[0]);
            if (!Files.exists(volume)) {
                image(service).copyUp(parts[1], volume);
            }
            mounts.add("bind:" + volume + ":" + parts[1]);
        }
        Map<String, String> environment = new HashMap<>();
        service.environment().forEach((name, value) -> environment.put(name, withPorts(value)));
        if (image(service) == kafka) {
            environment.put("CLUSTER_ID", CLUSTER_ID_OF_KAFKA_IMAGE);
        }
        if (service.name().equals("taskmanager")) {
            environment.put("JDK_JAVA_OPTIONS", "-Xlog:class+load=info:file=" + LOG_OF_CLASSES);
        }
        return new ContainerSettings(service.isReadOnly(), mounts, environment);
    }

    private void awaitHealthy(Service service, Container container) throws InterruptedException {
        CompletableFuture<CommandResult> healthy = Polling.until(
                check -> check.exitCode() == 0 || !container.isAlive(),
                () -> CompletableFuture.supplyAsync(() -> check(service, container), BETWEEN_CHECKS));
        try {
            healthy.get(TIME_TO_BE_HEALTHY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw container.failure("was not healthy after " + TIME_TO_BE_HEALTHY.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new LocalException("the check of " + service.name() + " cannot be run: " + e.getCause(), e);
        } finally {
            healthy.cancel(true);
        }
        if (!container.isAlive()) {
            throw container.failure("ended before it was healthy");
        }
    }

    private CommandResult check(Service service, Container container) {
        try {
            return Container.run(image(service), settings(service), container.healthCheck());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalException("interrupted", e);
        }
    }

    private List<String> withPorts(List<String> words) {
        return words.stream().map(this::withPorts).collect(Collectors.toList());
    }

    private String withPorts(String text) {
        return Pattern.compile("\\b(" + String.join("|", PORTS) + ")\\b")
                .matcher(text)
                .replaceAll(port -> ports.get(port.group()));
    }
}
