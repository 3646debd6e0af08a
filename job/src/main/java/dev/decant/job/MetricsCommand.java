package dev.decant.job;

import dev.decant.container.RecordingMetrics;
import dev.decant.decode.DecodeMetrics;
import dev.decant.kafka.TransactionMetrics;
import dev.decant.monitoring.DeadLetterRecorder;
import dev.decant.monitoring.DecantMetric;
import dev.decant.rtp.RtpMetrics;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints every metric: the page of the documentation is what this prints. */
@Command(
        name = "metrics",
        description = "Print every metric, as the documentation shows it.",
        mixinStandardHelpOptions = true)
final class MetricsCommand implements Runnable {
    private static final String IN_TASK_MANAGER = "flink_taskmanager_job_task_operator_";
    private static final String IN_DESERIALIZER = IN_TASK_MANAGER + "deserializer_";
    private static final String IN_JOB_MANAGER = "flink_jobmanager_job_operator_coordinator_enumerator_";

    /** The page's tables. */
    static final List<Table> TABLES = List.of(
            new Table(
                    "Reading RTP",
                    "Of the operator `Packets from Kafka`, with `--packet-format rtp`.",
                    IN_DESERIALIZER,
                    RtpMetrics.ALL),
            new Table(
                    "Putting packets in order",
                    "Of the operator `Put packets in order`.",
                    IN_TASK_MANAGER,
                    DecodeMetrics.OF_SEQUENCER),
            new Table("Decoding", "Of the operator `Decode`.", IN_TASK_MANAGER, DecodeMetrics.OF_DECODER),
            new Table(
                    "Dead letters",
                    "Of each operator that gives up what it cannot use: `Unreadable records aside`, `Put packets in order`"
                            + " and `Decode`. Each is in the log as well, with stream ID and offset, as long as they do not"
                            + " come in floods.",
                    IN_TASK_MANAGER,
                    List.of(DeadLetterRecorder.DEAD_LETTERS)),
            new Table(
                    "Transactions",
                    "Of the operators `Check the age of transactions`, one before each exactly-once sink to Kafka.",
                    IN_TASK_MANAGER,
                    TransactionMetrics.ALL),
            new Table(
                    "Reading recordings", "Of the operator `Recordings`.", IN_TASK_MANAGER, RecordingMetrics.OF_READER),
            new Table(
                    "Finding recordings",
                    "Of the JobManager's side of the operator `Recordings`.",
                    IN_JOB_MANAGER,
                    RecordingMetrics.OF_ENUMERATOR));

    private static final String INTRODUCTION =
            """
            # Metrics

            `./decant metrics` prints this page. These are Decant's own; [what they mean to an operator, the alerts and the
            dashboard](operations.md) is another page, and Flink's own are in its documentation. Flink hands them to whatever reporter it is told of,
            here Prometheus, by these lines in the configuration of the cluster, or by `-D` for `./decant stream` on this machine:

            ```yaml
            metrics.reporters: prom
            metrics.reporter.prom.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory
            metrics.reporter.prom.port: 9249
            ```

            Every series has Flink's labels: `job_name`, `operator_name`, `subtask_index`, `task_attempt_num`, `tm_id` and more. Counters
            count from 0 since their task started: take `rate()` of them. Flink's reporter calls them gauges all the same. Of a
            histogram there are a series for each `quantile` (0.5, 0.75, 0.95, 0.98, 0.99, 0.999) of the last 1,024 values, and one
            named `…_count`. By its own names, in the web UI and the REST API, Flink puts the operator before what stands here.
            """;

    @Spec
    private CommandSpec spec;

    /**
     * Metrics of one kind of operator.
     *
     * @param prefix what their names begin with in Prometheus
     */
    record Table(String title, String where, String prefix, List<DecantMetric> metrics) {
        /** The name that Prometheus sees. */
        String prometheusName(DecantMetric metric) {
            String label = metric.label() == null ? "" : metric.label() + "_";
            return prefix + DecantMetric.GROUP + "_" + label + metric.name();
        }

        private String text() {
            return "\n## " + title + "\n\n" + where + "\n\n"
                    + "| in Prometheus | in Flink | type | unit | label | |\n|---|---|---|---|---|---|\n"
                    + metrics.stream().map(this::row).collect(Collectors.joining());
        }

        private String row(DecantMetric metric) {
            return String.format(
                    Locale.ROOT,
                    "| `%s` | `%s` | %s | %s | %s | %s |\n",
                    prometheusName(metric),
                    flinkName(metric),
                    metric.type().name().toLowerCase(Locale.ROOT),
                    metric.unit(),
                    label(metric),
                    metric.meaning());
        }

        private static String flinkName(DecantMetric metric) {
            String label = metric.label() == null ? "" : metric.label() + ".<" + metric.label() + ">.";
            return DecantMetric.GROUP + "." + label + metric.name();
        }

        private static String label(DecantMetric metric) {
            return metric.label() == null
                    ? ""
                    : "`" + metric.label() + "`: "
                            + metric.labelValues().stream()
                                    .map(value -> "`" + value + "`")
                                    .collect(Collectors.joining(", "));
        }
    }

    @Override
    public void run() {
        spec.commandLine().getOut().print(page());
        spec.commandLine().getOut().flush();
    }

    /** The names of all metrics, as Prometheus sees them. */
    static Set<String> prometheusNames() {
        return TABLES.stream()
                .flatMap(table -> table.metrics().stream().map(table::prometheusName))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether a metric of this name, as Prometheus sees it, is Decant's and not Flink's. */
    static boolean isOurs(String prometheusName) {
        return prometheusName.contains("_" + DecantMetric.GROUP + "_");
    }

    /** The page, in Markdown. */
    static String page() {
        return INTRODUCTION + TABLES.stream().map(Table::text).collect(Collectors.joining());
    }
}
