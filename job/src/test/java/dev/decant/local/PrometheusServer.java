package dev.decant.local;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A real Prometheus on 127.0.0.1, with its files in one folder.
 *
 * <p>Whoever starts it closes it. It goes away with this JVM too, even if that is killed.
 */
public final class PrometheusServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration HISTORY = Duration.ofMinutes(5);
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Ends the program when standard input does: with {@link #close()}, or with this JVM. */
    private static final String TETHER = "\"$@\" & program=$!; read -r line; kill \"$program\"; wait \"$program\"";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final URI address;

    private PrometheusServer(Process process, Path log, URI address) {
        this.process = process;
        this.log = log;
        this.address = address;
    }

    /**
     * Starts it and returns when it is ready.
     *
     * @param configuration its file; those that it names lie beside it
     * @param folder where its data and its log go
     * @throws LocalException if it does not come up; the message holds its log
     */
    public static PrometheusServer start(PrometheusPrograms programs, Path configuration, Path folder)
            throws IOException, InterruptedException {
        String listen = "127.0.0.1:" + FreePorts.find(1).get(0);
        Path log = folder.resolve("prometheus.log");
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        TETHER,
                        "sh",
                        programs.server().toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=" + listen)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        PrometheusServer server = new PrometheusServer(process, log, URI.create("http://" + listen));
        try {
            server.await("ready", () -> server.send("/-/ready"), answer -> answer.statusCode() == 200);
            return server;
        } catch (Throwable e) {
            server.close();
            throw e;
        }
    }

    /**
     * What an expression gives, now.
     *
     * @throws LocalException if it is none
     */
    private List<JsonNode> query(String expression) {
        return result("/api/v1/query?query=" + encoded(expression));
    }

    /**
     * Waits until an expression gives something.
     *
     * @throws LocalException if that does not come
     */
    public void await(String expression) throws InterruptedException {
        awaitResult(expression, () -> query(expression));
    }

    /**
     * What an expression gave during the last minutes, as a panel draws it, once it gives something.
     *
     * @throws LocalException if it is none, or that does not come
     */
    public List<JsonNode> awaitHistory(String expression) throws InterruptedException {
        // What cannot be parsed will not come by waiting.
        query(expression);
        return awaitResult(expression, () -> {
            long now = Instant.now().getEpochSecond();
            return result("/api/v1/query_range?query=" + encoded(expression) + "&start=" + (now - HISTORY.toSeconds())
                    + "&end=" + now + "&step=" + STEP.toSeconds());
        });
    }

    /**
     * Waits until there are series of all these names. A rule gives its first one when it is evaluated with the series that it
     * is made of.
     *
     * @throws LocalException if some do not come
     */
    public void awaitNames(Set<String> wanted) throws InterruptedException {
        await(
                "series of " + wanted,
                () -> CompletableFuture.supplyAsync(this::names),
                names -> names.containsAll(wanted));
    }

    /** All rules, once each was evaluated. */
    public List<JsonNode> awaitRules() throws InterruptedException {
        return await("every rule evaluated", () -> CompletableFuture.supplyAsync(this::rules), rules -> rules.stream()
                .noneMatch(rule -> rule.get("health").asText().equals("unknown")));
    }

    /** Ends it. Closing twice does nothing. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new LocalException("Prometheus cannot be ended: " + e, e);
        }
        process.onExit().join();
    }

    private List<JsonNode> awaitResult(String expression, Supplier<List<JsonNode>> question)
            throws InterruptedException {
        return await(
                "a result of " + expression,
                () -> CompletableFuture.supplyAsync(question),
                result -> !result.isEmpty());
    }

    /** Of all series that there are, or were. */
    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        get("/api/v1/label/__name__/values").get("data").forEach(name -> names.add(name.asText()));
        return names;
    }

    private List<JsonNode> rules() {
        List<JsonNode> rules = new ArrayList<>();
        get("/api/v1/rules").get("data").get("groups").forEach(group -> group.get("rules")
                .forEach(rules::add));
        return rules;
    }

    private List<JsonNode> result(String path) {
        List<JsonNode> result = new ArrayList<>();
        get(path).get("data").get("result").forEach(result::add);
        return result;
    }

    private JsonNode get(String path) {
        HttpResponse<String> answer = send(path).join();
        try {
            JsonNode json = JSON.readTree(answer.body());
            if (!json.path("status").asText().equals("success")) {
                throw new LocalException(path + ": " + answer.body());
            }
            return json;
        } catch (IOException e) {
            throw new LocalException(path + ": " + answer.body(), e);
        }
    }

    private CompletableFuture<HttpResponse<String>> send(String path) {
        return http.sendAsync(
                HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private <T> T await(String what, Supplier<CompletableFuture<T>> question, Predicate<T> enough)
            throws InterruptedException {
        CompletableFuture<T> answer = Polling.until(enough, question);
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new LocalException(
                    "Prometheus had not after " + PATIENCE.toSeconds() + " s: " + what + "\n" + log(), e);
        } finally {
            answer.cancel(true);
        }
    }

    private String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
