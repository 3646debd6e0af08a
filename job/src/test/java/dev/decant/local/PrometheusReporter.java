package dev.decant.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;

/** Flink's Prometheus reporter in the processes of a cluster on this machine, each at a port of its own. */
public final class PrometheusReporter {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Integer> ports;

    /** @param processes how many the cluster has */
    public PrometheusReporter(int processes) {
        ports = FreePorts.find(processes);
    }

    /** What the cluster is to be started with. */
    public Configuration configuration() {
        return Configuration.fromMap(Map.of(
                "metrics.reporters",
                "prom",
                "metrics.reporter.prom.factory.class",
                "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
                // A process takes the first that is free.
                "metrics.reporter.prom.port",
                ports.stream().map(String::valueOf).collect(Collectors.joining(","))));
    }

    /** The addresses of those processes, {@code host:port}, that report metrics whose names begin so. */
    public List<String> targets(String prefix) throws InterruptedException {
        return names().entrySet().stream()
                .filter(process -> process.getValue().stream().anyMatch(name -> name.startsWith(prefix)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * The names of all metrics that are reported now, once those of {@code awaited} are among them.
     *
     * @throws LocalException if they do not come
     */
    public Set<String> awaitNames(Set<String> awaited) throws InterruptedException {
        CompletableFuture<Set<String>> all =
                Polling.until(names -> names.containsAll(awaited), () -> CompletableFuture.supplyAsync(this::allNames));
        try {
            return all.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            all.cancel(true);
            Set<String> missing = new TreeSet<>(awaited);
            missing.removeAll(allNames());
            throw new LocalException("not reported after " + PATIENCE.toSeconds() + " s: " + missing);
        } catch (ExecutionException e) {
            throw new LocalException("no metrics at the ports " + ports + ": " + e.getCause(), e);
        }
    }

    private Set<String> allNames() {
        try {
            return names().values().stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalException("interrupted while metrics were read", e);
        }
    }

    private Map<String, Set<String>> names() throws InterruptedException {
        Map<String, Set<String>> names = new TreeMap<>();
        for (int port : ports) {
            String address = "127.0.0.1:" + port;
            names.put(address, namesAt(URI.create("http://" + address + "/metrics")));
        }
        return names;
    }

    /** A line is {@code name{labels} value}, or a comment. */
    private Set<String> namesAt(URI uri) throws InterruptedException {
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("[{ ]", 2)[0])
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new LocalException("no metrics at " + uri + ": " + e, e);
        }
    }
}
