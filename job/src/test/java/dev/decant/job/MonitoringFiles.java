package dev.decant.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/** What is shipped for Prometheus, and the names in its expressions. */
final class MonitoringFiles {
    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    static final Path DOCKER = Path.of("..", "docker");
    static final Path PROMETHEUS = DOCKER.resolve("prometheus/prometheus.yml");
    static final Path ALERTS = DOCKER.resolve("prometheus/alerts.yml");

    private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");

    /** Of Flink and of Decant; a function or a label is called otherwise. */
    private static final Pattern NAME = Pattern.compile("(?<![\\w:])(flink_\\w+|decant:[\\w:]+|up(?=\\{))");

    private MonitoringFiles() {}

    /** Every rule of {@link #ALERTS}, in order. */
    static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        YAML.readTree(ALERTS.toFile()).path("groups").forEach(group -> group.path("rules")
                .forEach(rules::add));
        return rules;
    }

    static List<JsonNode> alerts() throws IOException {
        return rules().stream().filter(rule -> rule.has("alert")).toList();
    }

    /** The metrics that an expression asks for. */
    static Set<String> metricsIn(String expression) {
        Set<String> names = new TreeSet<>();
        Matcher found = NAME.matcher(TEXT.matcher(expression).replaceAll("\"\""));
        while (found.find()) {
            names.add(found.group());
        }
        return names;
    }
}
