package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.local.PrometheusPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every alert fires when it should, does not when it should not, and tells an operator what to do. */
class AlertsTest {
    private static final Path OPERATIONS = Path.of("docs", "operations.md");
    private static final Path CASES = Path.of("src/test/resources/prometheus/alerts-test.yml");
    private static final String ALERT_HEADING = "### Decant";

    @Test
    void everyAlertHasAnEntryInTheRunbookAndEveryEntryAnAlert() throws IOException {
        Set<String> headings = Files.readAllLines(OPERATIONS).stream()
                .filter(line -> line.startsWith(ALERT_HEADING))
                .map(line -> line.substring("### ".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(headings).isEqualTo(alertNames());
    }

    @Test
    void everyAlertLinksItsEntrySaysWhatIsTheMatterAndHowSevereItIs() throws IOException {
        for (JsonNode alert : MonitoringFiles.alerts()) {
            String name = alert.get("alert").asText();
            assertThat(alert.path("annotations").path("runbook").asText())
                    .isEqualTo("job/docs/operations.md#" + name.toLowerCase(Locale.ROOT));
            assertThat(alert.path("annotations").path("summary").asText())
                    .as(name)
                    .contains("{{ $labels.job");
            assertThat(alert.path("labels").path("severity").asText()).as(name).isIn("warning", "critical");
        }
    }

    @Test
    void everyMetricOfDecantIsOneThatThereIs() throws IOException {
        assertThat(MonitoringFiles.rules())
                .flatExtracting(
                        rule -> MonitoringFiles.metricsIn(rule.get("expr").asText()))
                .filteredOn(MetricsCommand::isOurs)
                .isNotEmpty()
                .isSubsetOf(MetricsCommand.prometheusNames());
    }

    @Test
    void everyAlertIsTriedBothWays() throws IOException {
        Set<String> firing = new TreeSet<>();
        Set<String> silent = new TreeSet<>();
        for (JsonNode test : MonitoringFiles.YAML.readTree(CASES.toFile()).path("tests")) {
            for (JsonNode alert : test.path("alert_rule_test")) {
                (alert.path("exp_alerts").isEmpty() ? silent : firing)
                        .add(alert.path("alertname").asText());
            }
        }
        assertThat(firing).isEqualTo(alertNames());
        assertThat(silent).isEqualTo(alertNames());
    }

    @Test
    void prometheusTakesConfigurationAndRulesAndTheAlertsFireAsTheyShould(@TempDir Path folder) throws Exception {
        PrometheusPrograms programs = PrometheusPrograms.installed();
        programs.promtool("check", "config", MonitoringFiles.PROMETHEUS.toString());
        programs.promtool("check", "rules", MonitoringFiles.ALERTS.toString());
        Files.copy(MonitoringFiles.ALERTS, folder.resolve("alerts.yml"));
        Path cases = Files.copy(CASES, folder.resolve("alerts-test.yml"));
        assertThat(programs.promtool("test", "rules", cases.toString())).contains("SUCCESS");
    }

    private static Set<String> alertNames() throws IOException {
        List<JsonNode> alerts = MonitoringFiles.alerts();
        Set<String> names = alerts.stream()
                .map(alert -> alert.get("alert").asText())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names).hasSameSizeAs(alerts);
        return names;
    }
}
