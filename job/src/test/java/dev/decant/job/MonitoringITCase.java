package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.local.PrometheusPrograms;
import dev.decant.local.PrometheusReporter;
import dev.decant.local.PrometheusServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What jobs tell of themselves, against what is documented, drawn and watched: a real Prometheus scrapes a real cluster. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MonitoringITCase {
    private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");
    private static final String DEAD_LETTERS = "flink_taskmanager_job_task_operator_decant_reason_deadLetters";

    private static final PrometheusReporter REPORTER = new PrometheusReporter(2);

    @RegisterExtension
    static final BrokerExtension kafka = new BrokerExtension();

    @RegisterExtension
    static final ClusterExtension flink = new ClusterExtension(1, 3, REPORTER::configuration);

    @TempDir
    private static Path folder;

    private static MonitoredJobs jobs;

    @BeforeAll
    static void startJobs() throws Exception {
        jobs = MonitoredJobs.start(flink.cluster(), kafka.broker(), folder);
    }

    @AfterAll
    static void endJobs() {
        if (jobs != null) {
            jobs.close();
        }
    }

    @Test
    void theDocumentedMetricsAreThoseOfRunningJobs() throws Exception {
        Set<String> documented = MetricsCommand.prometheusNames();

        Set<String> reported = REPORTER.awaitNames(documented);

        reported.removeIf(name -> !MetricsCommand.isOurs(name) || documented.contains(withoutCount(name)));
        assertThat(reported).as("metrics that are not documented").isEmpty();
    }

    /** A histogram has another series, which counts its values. */
    private static String withoutCount(String name) {
        return name.replaceFirst("_count$", "");
    }

    @Test
    void everyPanelAndEveryAlertCanBeEvaluated() throws Exception {
        PrometheusPrograms programs = PrometheusPrograms.installed();
        Path configuration = configuration(Files.createDirectory(folder.resolve("prometheus")));
        try (PrometheusServer prometheus = PrometheusServer.start(programs, configuration, configuration.getParent())) {
            // An increase is seen only of what was there before.
            prometheus.await(DEAD_LETTERS + " == 0");
            jobs.sendWhatCannotBeUsed();
            prometheus.await("sum(" + DEAD_LETTERS + ") >= 2");

            for (Dashboard.Query query : Dashboard.read().queries()) {
                assertGivesWhatIsDrawn(prometheus, query);
            }
            for (JsonNode rule : prometheus.awaitRules()) {
                assertThat(rule.get("health").asText()).as(rule.toString()).isEqualTo("ok");
            }
            prometheus.awaitNames(namesAskedFor());
        }
    }

    private static void assertGivesWhatIsDrawn(PrometheusServer prometheus, Dashboard.Query query) throws Exception {
        String asked = query.asked();
        List<JsonNode> result = prometheus.awaitHistory(asked);
        Matcher label = LEGEND_LABEL.matcher(query.legend());
        while (label.find()) {
            assertThat(result)
                    .as("%s: label %s of %s", query.panel(), label.group(1), asked)
                    .allMatch(series -> series.get("metric").has(label.group(1)));
        }
    }

    private static Set<String> namesAskedFor() throws IOException {
        Set<String> names = new TreeSet<>();
        Dashboard dashboard = Dashboard.read();
        dashboard.queries().forEach(query -> names.addAll(MonitoringFiles.metricsIn(query.expression())));
        dashboard.otherExpressions().forEach(expression -> names.addAll(MonitoringFiles.metricsIn(expression)));
        for (JsonNode rule : MonitoringFiles.rules()) {
            names.addAll(MonitoringFiles.metricsIn(rule.get("expr").asText()));
        }
        return names;
    }

    /** What is shipped, with the targets of here. */
    private static Path configuration(Path folder) throws Exception {
        JsonNode configuration = MonitoringFiles.YAML.readTree(MonitoringFiles.PROMETHEUS.toFile());
        for (JsonNode scrape : configuration.get("scrape_configs")) {
            ObjectNode targeted = (ObjectNode) scrape;
            targeted.remove(List.of("static_configs", "dns_sd_configs"));
            ArrayNode targets = targeted.putArray("static_configs").addObject().putArray("targets");
            REPORTER.targets("flink_" + scrape.get("job_name").asText() + "_").forEach(targets::add);
            assertThat(targets).as("targets of " + scrape).isNotEmpty();
        }
        Path file = folder.resolve("prometheus.yml");
        MonitoringFiles.YAML.writeValue(file.toFile(), configuration);
        Files.copy(MonitoringFiles.ALERTS, folder.resolve(MonitoringFiles.ALERTS.getFileName()));
        return file;
    }
}
