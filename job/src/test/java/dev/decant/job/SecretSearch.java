package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.local.FlinkCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** Looks for secrets in all that somebody can see of a cluster, its jobs and this machine's processes. */
final class SecretSearch {
    /** What Flink's web UI shows, and what else its REST API tells; ids are put in as they are found. */
    private static final List<String> PAGES = List.of(
            "/overview",
            "/config",
            "/datasets",
            "/jars",
            "/jobs/overview",
            "/jobs/metrics",
            "/jobmanager/config",
            "/jobmanager/environment",
            "/jobmanager/logs",
            "/jobmanager/log",
            "/jobmanager/stdout",
            "/jobmanager/metrics",
            "/jobmanager/thread-dump",
            "/jobmanager/profiler",
            "/taskmanagers");

    private static final List<String> PAGES_OF_A_TASK_MANAGER =
            List.of("", "/logs", "/log", "/stdout", "/metrics", "/thread-dump", "/profiler");

    private static final List<String> PAGES_OF_A_JOB = List.of(
            "",
            "/config",
            "/plan",
            "/exceptions",
            "/accumulators",
            "/checkpoints",
            "/checkpoints/config",
            "/metrics",
            "/resource-requirements",
            "/status",
            "/jobmanager/config",
            "/jobmanager/environment",
            "/jobmanager/log-url");

    private static final List<String> PAGES_OF_A_VERTEX = List.of(
            "",
            "/accumulators",
            "/backpressure",
            "/metrics",
            "/subtasks/accumulators",
            "/subtasks/metrics",
            "/subtasktimes",
            "/taskmanagers",
            "/watermarks");

    private final List<String> secrets;
    private final TreeMap<String, String> found = new TreeMap<>();
    private final Set<String> looked = new TreeSet<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    SecretSearch(List<String> secrets) {
        this.secrets = secrets;
    }

    /** Looks at a text that was shown to somebody. */
    SecretSearch in(String where, String text) {
        looked.add(where);
        for (String secret : secrets) {
            int at = text.indexOf(secret);
            if (at >= 0) {
                found.put(
                        where,
                        text.substring(Math.max(0, at - 100), Math.min(text.length(), at + secret.length() + 20)));
            }
        }
        return this;
    }

    /** Looks at every file of a folder and of those below it: logs, checkpoints, uploads. */
    SecretSearch inFiles(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).toList();
        } catch (UncheckedIOException deleting) {
            // Something went while it was looked at: the next look sees what stays.
            return inFiles(folder);
        }
        for (Path file : files) {
            try {
                in(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            } catch (NoSuchFileException deleted) {
                // Nobody else can look into it any more either.
            }
        }
        return this;
    }

    /** Looks at the command line of every process of this machine, as {@code ps} shows it. */
    SecretSearch inCommandLines() throws IOException {
        List<ProcessHandle> processes = ProcessHandle.allProcesses().toList();
        for (ProcessHandle process : processes) {
            Path file = Path.of("/proc", String.valueOf(process.pid()), "cmdline");
            try {
                in(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            } catch (IOException ended) {
                assertThat(process.isAlive() && Files.exists(Path.of("/proc")))
                        .as("%s cannot be read, and the process is there: %s", file, ended)
                        .isFalse();
            }
        }
        return this;
    }

    /** Looks at all that the cluster's REST API tells of it and of its jobs. */
    SecretSearch inRestApi(FlinkCluster cluster) throws IOException, InterruptedException {
        Deque<String> pages = new ArrayDeque<>(PAGES);
        for (JsonNode manager : json.readTree(page(cluster, "/taskmanagers")).get("taskmanagers")) {
            PAGES_OF_A_TASK_MANAGER.forEach(
                    page -> pages.add("/taskmanagers/" + manager.get("id").asText() + page));
        }
        for (JsonNode job : json.readTree(page(cluster, "/jobs")).get("jobs")) {
            String of = "/jobs/" + job.get("id").asText();
            PAGES_OF_A_JOB.forEach(page -> pages.add(of + page));
            for (JsonNode vertex : json.readTree(page(cluster, of)).get("vertices")) {
                PAGES_OF_A_VERTEX.forEach(
                        page -> pages.add(of + "/vertices/" + vertex.get("id").asText() + page));
            }
            for (JsonNode checkpoint :
                    json.readTree(page(cluster, of + "/checkpoints")).get("history")) {
                pages.add(of + "/checkpoints/details/" + checkpoint.get("id").asText());
            }
        }
        for (String page : pages) {
            in("REST " + page, page(cluster, page));
        }
        return this;
    }

    /** The places where there is a secret, each with what stands around it. */
    TreeMap<String, String> found() {
        return found;
    }

    /** The places that were looked at. */
    Set<String> looked() {
        return looked;
    }

    /** What a page says, whatever its status: an error may tell as much. */
    private String page(FlinkCluster cluster, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create(cluster.restUrl() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 200) {
            looked.add("200 " + path);
        }
        return response.body();
    }
}
