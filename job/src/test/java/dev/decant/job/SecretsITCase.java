package dev.decant.job;

import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.SampleFormat;
import dev.decant.local.CommandResult;
import dev.decant.opus.TestStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.time.Deadline;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that logs in to its brokers runs on a cluster, takes checkpoints, and fails; everything that can be seen of it is
 * searched for the passwords.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SecretsITCase {
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
    private static final String KEY_OF_S3 = "hidden-key-of-s3";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long MILLIS_BETWEEN = 200;

    @RegisterExtension
    static final BrokerExtension kafka = BrokerExtension.secured();

    /** One TaskManager is enough for the job, which runs on both while there are two. */
    @RegisterExtension
    static final ClusterExtension flink =
            new ClusterExtension(2, 2, () -> Configuration.fromMap(Map.of("taskmanager.load-balance.mode", "SLOTS")));

    @TempDir
    private Path folder;

    /** What the tests' own files may hold: the options and the secrets that are given. */
    @TempDir
    private Path given;

    private BrokerSecurity security;
    private JobTopics topics;
    private List<String> secrets;

    @BeforeEach
    void takeTopics() throws Exception {
        security = kafka.security();
        JobTopics plain = kafka.topics();
        topics = new JobTopics(
                kafka.broker().bootstrapServers(security.login()), plain.packets(), plain.pcm(), plain.deadLetters());
        secrets = new ArrayList<>(security.secrets());
        secrets.add(KEY_OF_S3);
        new UserRights(kafka.bootstrapServers(), BrokerSecurity.USER)
                .toTopic(topics.packets(), READ)
                .toGroup("decant")
                .toTopic(topics.pcm(), WRITE, READ)
                .toTopic(topics.deadLetters(), WRITE, READ)
                .toTransactions(topics.pcm())
                .grant();
    }

    @Test
    void referencesKeepSecretsOutOfEverythingButTheProcessesThatUseThem() throws Exception {
        Path file = security.writeSecrets(given);
        Map<String, String> options = BrokerSecurity.with(
                security.loginOptions(BrokerSecurity.USER, "${file:" + file + ":login}"),
                Map.of("kafka.ssl.truststore.password", "${file:" + file + ":stores}"));

        SecretSearch search = searchRunningJob(options, false);

        assertThat(search.found()).isEmpty();
    }

    @Test
    void secretsInTheFileOfOptionsAreShownNowhere() throws Exception {
        Map<String, String> options = BrokerSecurity.with(security.loginOptions(), Map.of("s3.secret-key", KEY_OF_S3));

        SecretSearch search = searchRunningJob(options, true);

        assertThat(search.found()).isEmpty();
    }

    @Test
    void secretsOnTheCommandLineAreRefused() throws Exception {
        CommandResult run = flinkRun(
                "--topic",
                topics.packets(),
                "--kafka.sasl.jaas.config=" + security.loginOptions().get("kafka.sasl.jaas.config"));

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.output())
                .contains("\"kafka.sasl.jaas.config\" is a secret, which everybody can see on a command line")
                .doesNotContain(secrets);
    }

    /**
     * What was found while a job runs, when it is stopped with a savepoint, and in the files it leaves.
     *
     * @param fails whether a TaskManager is killed in between
     */
    private SecretSearch searchRunningJob(Map<String, String> options, boolean fails) throws Exception {
        Path config = BrokerSecurity.writeOptions(given.resolve("decant.properties"), options);
        SecretSearch search = new SecretSearch(secrets);
        List<TestStream> streams = TestStream.ofEveryKind().subList(0, 6);
        try (LiveJob job = new LiveJob(flink.cluster(), topics, folder, FORMAT, "--config", config.toString())) {
            job.submit(2);
            kafka.topics().produceInterleaved(streams.subList(0, 3));
            awaitEnds(streams.subList(0, 3));
            search.inCommandLines()
                    .inRestApi(flink.cluster())
                    .inFiles(flink.cluster().folder());
            if (fails) {
                flink.cluster().killTaskManager(flink.cluster().taskManagers().first());
                new JobMetrics(flink.cluster(), job.id()).awaitRestarts(restarts -> restarts >= 1);
            }
            kafka.topics().produceInterleaved(streams.subList(3, 6));
            awaitEnds(streams);
            job.stop();
            search.inRestApi(flink.cluster()).inFiles(flink.cluster().folder()).inFiles(folder);
            assertLookedAt(search, job);
        }
        StreamPcm.assertDecoded(StreamPcm.of(kafka.topics().readPcm(), FORMAT), streams, FORMAT);
        return search;
    }

    /** Waits until the ends of the streams are committed: then every task runs, and a checkpoint is complete. */
    private static void awaitEnds(List<TestStream> streams) throws InterruptedException {
        List<String> names = streams.stream().map(TestStream::name).toList();
        Deadline deadline = Deadline.fromNow(PATIENCE);
        Set<String> ended = Set.of();
        while (!ended.containsAll(names)) {
            assertThat(deadline.hasTimeLeft())
                    .as("%s, of which only %s have ended", names, ended)
                    .isTrue();
            Thread.sleep(MILLIS_BETWEEN);
            ended = kafka.topics().ended();
        }
    }

    /** That the search is one: pages that must be there were, and so were logs and the files of checkpoints. */
    private static void assertLookedAt(SecretSearch search, LiveJob job) {
        assertThat(search.looked())
                .contains(
                        "200 /jobs/" + job.id() + "/config",
                        "200 /jobs/" + job.id() + "/exceptions",
                        "200 /jobs/" + job.id() + "/plan",
                        "200 /jobs/" + job.id() + "/checkpoints",
                        "200 /jobmanager/config",
                        "200 /jobmanager/environment",
                        "200 /jobmanager/log")
                .anyMatch(place -> place.endsWith("/_metadata"))
                .anyMatch(place -> place.endsWith("jobmanager.log"))
                .anyMatch(place -> place.startsWith("200 /taskmanagers/") && place.endsWith("/log"));
    }

    private CommandResult flinkRun(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("run", ClusterExtension.JAR.toString()));
        command.addAll(List.of(topics.streamArguments(arguments)));
        return flink.cluster().flink(command.toArray(String[]::new));
    }
}
