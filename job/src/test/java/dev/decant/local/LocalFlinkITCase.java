package dev.decant.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LocalFlinkITCase {
    @Test
    void runsJobsAndServesTheWebUi() throws Exception {
        try (LocalFlink flink = LocalFlink.start(new Configuration())) {
            StreamExecutionEnvironment environment = flink.newEnvironment();
            assertThat(environment.getParallelism())
                    .isEqualTo(Runtime.getRuntime().availableProcessors());

            List<Long> squares =
                    environment.fromSequence(1, 100).map(n -> n * n).executeAndCollect(100);

            assertThat(squares)
                    .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 100)
                            .map(n -> n * n)
                            .boxed()
                            .toList());
            assertThat(flink.webUrl().getHost()).isEqualTo("127.0.0.1");
            assertThat(get(flink.webUrl())).contains("<title>Apache Flink Web Dashboard</title>");
        }
    }

    @Test
    void runsJobsWiderThanTheMachine() throws Exception {
        int parallelism = Runtime.getRuntime().availableProcessors() + 1;
        Configuration configuration = new Configuration().set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        try (LocalFlink flink = LocalFlink.start(configuration)) {
            assertThat(flink.newEnvironment().fromSequence(1, 100).executeAndCollect(100))
                    .hasSize(100);
        }
    }

    @Test
    void reportsMetricsToPrometheusIfItIsTo() throws Exception {
        int port = FreePorts.find(1).get(0);
        Configuration configuration = Configuration.fromMap(Map.of(
                "metrics.reporters",
                "prom",
                "metrics.reporter.prom.factory.class",
                "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
                "metrics.reporter.prom.port",
                String.valueOf(port)));
        try (LocalFlink flink = LocalFlink.start(configuration)) {
            assertThat(flink.newEnvironment().fromSequence(1, 10).executeAndCollect(10))
                    .hasSize(10);
            assertThat(get(URI.create("http://127.0.0.1:" + port + "/metrics")))
                    .contains("flink_jobmanager_numRegisteredTaskManagers");
        }
    }

    @Test
    void leavesNothingBehind() {
        TemporaryFolder folder = TemporaryFolder.create("local-flink-test");
        LocalFlink flink = LocalFlink.start(new Configuration(), folder);
        assertThat(folder.path()).isNotEmptyDirectory();

        flink.close();
        flink.close();

        assertThat(folder.path()).doesNotExist();
        assertThatThrownBy(() -> get(flink.webUrl())).isInstanceOf(ConnectException.class);
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        TemporaryFolder folder = TemporaryFolder.create("local-flink-test");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Configuration configuration = new Configuration().set(RestOptions.PORT, taken.getLocalPort());
            assertThatThrownBy(() -> LocalFlink.start(configuration, folder))
                    .isInstanceOf(LocalException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " of 127.0.0.1 is taken");
        }
        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void namesWhatFlinkCannotStartWith() {
        Configuration configuration = new Configuration().set(HighAvailabilityOptions.HA_MODE, "unheard-of");
        assertThatThrownBy(() -> LocalFlink.start(configuration))
                .isInstanceOf(LocalException.class)
                .hasMessageContaining("unheard-of");
    }

    private static String get(URI url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
