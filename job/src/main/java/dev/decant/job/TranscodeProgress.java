package dev.decant.job;

import dev.decant.container.RecordingMetrics;
import dev.decant.decode.DecodeMetrics;
import dev.decant.monitoring.DecantMetric;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * Shows how far a transcoding job has come, as its metrics tell through Flink's REST API: on a terminal a bar that is
 * rewritten, elsewhere a line every ten seconds.
 */
final class TranscodeProgress {
    private static final Set<String> SHOWN = Stream.of(
                    RecordingMetrics.RECORDINGS_READ,
                    RecordingMetrics.RECORDINGS_FAILED,
                    RecordingMetrics.RECORDINGS_FOUND,
                    RecordingMetrics.RECORDINGS_SKIPPED,
                    RecordingMetrics.RECORDING_BYTES,
                    RecordingMetrics.BYTES_FOUND,
                    RecordingMetrics.LISTED,
                    DecodeMetrics.SAMPLES)
            .map(DecantMetric::name)
            .collect(Collectors.toSet());

    private static final long MILLIS_BETWEEN_FRAMES = 500;
    private static final long MILLIS_BETWEEN_LINES = 10_000;

    private final FlinkRest rest;
    private final String job;
    private final int rate;
    private final PrintWriter out;
    private final boolean terminal;
    private final long start = System.nanoTime();

    /** The metrics' full names, by vertex; they do not change once they are there. */
    private final Map<String, String> queries = new LinkedHashMap<>();

    /**
     * @param rate samples a second and channel of the output
     * @param terminal whether {@code out} is one
     */
    TranscodeProgress(URI flink, JobID job, int rate, PrintWriter out, boolean terminal) {
        this.rest = new FlinkRest(flink);
        this.job = "/jobs/" + job;
        this.rate = rate;
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * Shows progress until the job ends.
     *
     * @throws ExecutionException if it fails
     */
    void show(CompletableFuture<?> end) throws InterruptedException, ExecutionException {
        while (true) {
            try {
                end.get(terminal ? MILLIS_BETWEEN_FRAMES : MILLIS_BETWEEN_LINES, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException stillRunning) {
                show(metrics());
            } finally {
                if (end.isDone() && terminal) {
                    out.print("\r\u001b[K");
                    out.flush();
                }
            }
        }
    }

    private void show(Map<String, Double> metrics) {
        double seconds = (System.nanoTime() - start) / 1e9;
        TranscodeProgressLine line = TranscodeProgressLine.of(metrics, rate, seconds);
        if (terminal) {
            out.print("\r" + line.bar() + "\u001b[K");
            out.flush();
        } else {
            out.println(line.text());
        }
    }

    /** The sums over all subtasks, by the metrics' names; none as long as Flink does not answer. */
    private Map<String, Double> metrics() throws InterruptedException {
        Map<String, Double> sums = new LinkedHashMap<>();
        try {
            for (JsonNode vertex : rest.get(job).path("vertices")) {
                String path = job + "/vertices/" + vertex.path("id").asText();
                add(path + "/subtasks/metrics", "&agg=sum", "sum", sums);
                add(path + "/jm-operator-metrics", "", "value", sums);
            }
        } catch (IOException notNow) {
            return Map.of();
        }
        return sums;
    }

    private void add(String path, String aggregation, String value, Map<String, Double> sums)
            throws IOException, InterruptedException {
        String query = queries.get(path);
        if (query == null) {
            query = query(path);
            if (query.isEmpty()) {
                return;
            }
            queries.put(path, query);
        }
        for (JsonNode metric : rest.get(path + "?get=" + query + aggregation)) {
            String id = metric.path("id").asText();
            sums.merge(id.substring(id.lastIndexOf('.') + 1), metric.path(value).asDouble(), Double::sum);
        }
    }

    private String query(String path) throws IOException, InterruptedException {
        StringBuilder names = new StringBuilder();
        for (JsonNode metric : rest.get(path)) {
            String id = metric.path("id").asText();
            String name = id.substring(id.lastIndexOf('.') + 1);
            boolean ours = id.contains("." + DecantMetric.GROUP + ".") || id.startsWith(DecantMetric.GROUP + ".");
            if (ours && SHOWN.contains(name)) {
                names.append(names.isEmpty() ? "" : ",").append(URLEncoder.encode(id, StandardCharsets.UTF_8));
            }
        }
        return names.toString();
    }
}
