package dev.decant.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** The Grafana dashboard, as it is shipped. */
final class Dashboard {
    private static final Path FILE = MonitoringFiles.DOCKER.resolve("grafana/dashboards/decant.json");

    private final JsonNode json;

    private Dashboard(JsonNode json) {
        this.json = json;
    }

    /**
     * One query of a panel.
     *
     * @param expression with Grafana's variables in it
     * @param legend with labels of the result in double braces
     */
    record Query(String panel, String expression, String legend) {
        /** What Grafana asks, of all jobs, over so much time that four scrapes are in it. */
        String asked() {
            return expression.replace("$job", ".*").replace("$__rate_interval", "20s");
        }
    }

    static Dashboard read() throws IOException {
        return new Dashboard(new ObjectMapper().readTree(FILE.toFile()));
    }

    JsonNode json() {
        return json;
    }

    /** All panels but rows, those of collapsed rows too. */
    List<JsonNode> panels() {
        return allPanels().stream()
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .toList();
    }

    /** All panels, rows too. */
    List<JsonNode> allPanels() {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode panel : json.path("panels")) {
            all.add(panel);
            panel.path("panels").forEach(all::add);
        }
        return all;
    }

    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(new Query(
                        panel.path("title").asText(),
                        target.path("expr").asText(),
                        target.path("legendFormat").asText()));
            }
        }
        return queries;
    }

    /** What is asked besides, for the variables and the annotations. */
    List<String> otherExpressions() {
        List<String> expressions = new ArrayList<>();
        json.path("templating")
                .path("list")
                .forEach(variable ->
                        expressions.add(variable.path("query").path("query").asText()));
        json.path("annotations")
                .path("list")
                .forEach(annotation -> expressions.add(annotation.path("expr").asText()));
        expressions.removeIf(String::isEmpty);
        return expressions;
    }
}
