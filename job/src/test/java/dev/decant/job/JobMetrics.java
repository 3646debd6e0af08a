package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.local.FlinkCluster;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongPredicate;
import org.apache.flink.api.common.JobID;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** What a running job counts, as Flink's REST API tells it, a moment later. */
final class JobMetrics {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long MILLIS_BETWEEN = 200;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final String job;

    JobMetrics(FlinkCluster cluster, JobID job) {
        this.job = cluster.restUrl() + "/jobs/" + job;
    }

    /** Waits until Flink has restarted the job so often since it was submitted. */
    void awaitRestarts(long times) throws IOException, InterruptedException {
        awaitRestarts(restarts -> restarts == times);
    }

    /** Waits until Flink has restarted the job often enough since it was submitted. */
    void awaitRestarts(LongPredicate enough) throws IOException, InterruptedException {
        await("numRestarts", this::restarts, enough);
    }

    /**
     * Waits until the sum of a counter over all subtasks of all operators will do.
     *
     * @param name how the metric's name ends
     */
    void await(String name, LongPredicate enough) throws IOException, InterruptedException {
        await(name, () -> sum(name), enough);
    }

    private static void await(String name, Value value, LongPredicate enough) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long now = value.get();
        while (!enough.test(now)) {
            assertThat(System.nanoTime() - start)
                    .as("%s was %d for %s", name, now, PATIENCE)
                    .isLessThan(PATIENCE.toNanos());
            Thread.sleep(MILLIS_BETWEEN);
            now = value.get();
        }
    }

    /** Negative while it is not known yet. */
    private long restarts() throws IOException, InterruptedException {
        JsonNode metrics = get("/metrics?get=numRestarts");
        return metrics.isEmpty() ? -1 : metrics.get(0).get("value").asLong();
    }

    private long sum(String name) throws IOException, InterruptedException {
        long sum = 0;
        for (JsonNode vertex : get("").get("vertices")) {
            String metrics = "/vertices/" + vertex.get("id").asText() + "/subtasks/metrics";
            for (JsonNode metric : get(metrics)) {
                String id = metric.get("id").asText();
                if (id.endsWith("." + name)) {
                    JsonNode found = get(metrics + "?agg=sum&get=" + URLEncoder.encode(id, StandardCharsets.UTF_8));
                    sum += found.get(0).get("sum").asLong();
                }
            }
        }
        return sum;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(URI.create(job + path)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
        return json.readTree(response.body());
    }

    @FunctionalInterface
    private interface Value {
        long get() throws IOException, InterruptedException;
    }
}
