package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** The dashboard is one that Grafana can draw, as far as that shows without Grafana. */
class DashboardTest {
    private static final int COLUMNS = 24;

    private final Dashboard dashboard = read();

    @Test
    void everyPanelHasAnIdOfItsOwnATitleAndAPlace() {
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard.allPanels()) {
            assertThat(ids.add(panel.path("id").asInt())).as("id of " + panel).isTrue();
            assertThat(panel.path("title").asText()).as("title of " + panel).isNotBlank();
            JsonNode place = panel.path("gridPos");
            assertThat(place.path("x").asInt(-1)).as(panel.toString()).isNotNegative();
            assertThat(place.path("y").asInt(-1)).as(panel.toString()).isNotNegative();
            assertThat(place.path("w").asInt()).as(panel.toString()).isPositive();
            assertThat(place.path("h").asInt()).as(panel.toString()).isPositive();
            assertThat(place.path("x").asInt() + place.path("w").asInt())
                    .as("columns of " + panel)
                    .isLessThanOrEqualTo(COLUMNS);
        }
    }

    @Test
    void noPanelLiesOnAnother() {
        List<JsonNode> placed = new ArrayList<>();
        for (JsonNode panel : dashboard.allPanels()) {
            for (JsonNode other : placed) {
                assertThat(overlap(panel.path("gridPos"), other.path("gridPos")))
                        .as("%s on %s", panel.path("title"), other.path("title"))
                        .isFalse();
            }
            placed.add(panel);
        }
    }

    @Test
    void everyPanelSaysWhatItShowsAndAsksTheChosenPrometheus() {
        for (JsonNode panel : dashboard.panels()) {
            assertThat(panel.path("description").asText())
                    .as("what %s shows", panel.path("title"))
                    .isNotBlank();
            assertThat(panel.path("fieldConfig").path("defaults").path("unit").asText())
                    .as("unit of %s", panel.path("title"))
                    .isNotBlank();
            assertThat(panel.path("targets"))
                    .as("queries of %s", panel.path("title"))
                    .isNotEmpty();
            assertAsksTheChosenPrometheus(panel);
            Set<String> references = new HashSet<>();
            for (JsonNode target : panel.path("targets")) {
                assertAsksTheChosenPrometheus(target);
                assertThat(target.path("expr").asText())
                        .as("a query of %s", panel.path("title"))
                        .isNotBlank();
                assertThat(references.add(target.path("refId").asText()))
                        .as("refId in %s", panel.path("title"))
                        .isTrue();
            }
        }
    }

    @Test
    void theJobAndThePrometheusCanBeChosen() {
        assertThat(dashboard.json().path("templating").path("list"))
                .extracting(variable -> variable.path("name").asText(), variable -> variable.path("type")
                        .asText())
                .containsExactly(tuple("datasource", "datasource"), tuple("job", "query"));
        assertThat(dashboard.queries())
                .filteredOn(query -> MonitoringFiles.metricsIn(query.expression()).stream()
                        .anyMatch(metric -> metric.contains("_job_")))
                .allMatch(query -> query.expression().contains("job_name=~\"$job\""));
    }

    /** Metrics of ours are checked without a running job here, those of Flink by {@link MonitoringITCase}. */
    @Test
    void everyMetricOfDecantIsOneThatThereIs() {
        assertThat(dashboard.queries())
                .flatExtracting(query -> MonitoringFiles.metricsIn(query.expression()))
                .filteredOn(MetricsCommand::isOurs)
                .isSubsetOf(MetricsCommand.prometheusNames());
    }

    private static void assertAsksTheChosenPrometheus(JsonNode asking) {
        assertThat(asking.path("datasource").path("type").asText())
                .as(asking.toString())
                .isEqualTo("prometheus");
        assertThat(asking.path("datasource").path("uid").asText())
                .as(asking.toString())
                .isEqualTo("${datasource}");
    }

    private static boolean overlap(JsonNode one, JsonNode other) {
        return overlap(one, other, "x", "w") && overlap(one, other, "y", "h");
    }

    private static boolean overlap(JsonNode one, JsonNode other, String start, String size) {
        return one.path(start).asInt()
                        < other.path(start).asInt() + other.path(size).asInt()
                && other.path(start).asInt()
                        < one.path(start).asInt() + one.path(size).asInt();
    }

    private static Dashboard read() {
        try {
            return Dashboard.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
